package dev.bulkhead.cli;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A vehicle maker in a folder: keys, first metadata, one vendor, its packages, a server. */
final class Oem {
    static final InstantSource TIME = InstantSource.system();

    /** Runs, does nothing. */
    static final String QUIET = """
            (module (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (i32.const 0))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;

    /** Traps when it is started. */
    static final String BROKEN = """
            (module (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) unreachable)
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;

    final KeyDirectory keys;
    private final Path folder;

    private Oem(Path folder) {
        this.folder = folder;
        this.keys = new KeyDirectory(folder.resolve("keys"), TIME, new SecureRandom(), KeyDirectory.Validity.USUAL);
    }

    static Oem founded(Path folder) {
        Oem oem = new Oem(folder);
        oem.keys.init(Optional.empty());
        TrustCeremony ceremony = new TrustCeremony(oem.keys, Lifetimes.USUAL, TIME);
        ceremony.init(Optional.empty());
        oem.keys.addServer(List.of(), Optional.empty());
        oem.keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        return oem;
    }

    /** One that was founded before. */
    static Oem at(Path folder) {
        return new Oem(folder);
    }

    FleetServer server() {
        return FleetServer.start(
                ServerSettings.local(folder.resolve("server"), folder.resolve("keys"), "demo"),
                TIME,
                new SecureRandom());
    }

    Path serverData() {
        return folder.resolve("server");
    }

    VendorRole role() {
        return new VendorRole(List.of(keys.vendorKey("acme", Optional.empty())), TIME, Lifetimes.USUAL.vendor());
    }

    byte[] packed(String appId, int release, byte[] module) {
        return packed(manifest(appId, release), module);
    }

    /** One that comes in only while the condition holds. */
    byte[] packedFor(String when, String appId, int release, String wat) {
        String manifest = manifest(appId, release).replace("[update]", "[update]\nwhen = \"" + when + "\"");
        return packed(manifest, Wat2Wasm.parse(wat));
    }

    private byte[] packed(String manifest, byte[] module) {
        AppPackage app = PackageWriter.assemble(
                manifest.getBytes(StandardCharsets.UTF_8), module, Optional.empty(), Optional.empty());
        PackageSigner signer = new PackageSigner(keys.vendorKey("acme", Optional.empty()), keys.vendorChain("acme"));
        return PackageWriter.write(
                app.signedBy(signer.sign(PackageStatement.of(app)).encode()));
    }

    byte[] packed(String appId, int release, String wat) {
        return packed(appId, release, Wat2Wasm.parse(wat));
    }

    /** The module with a custom section of random bytes behind it, so that it does not travel in a moment. */
    static byte[] padded(String wat, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(Wat2Wasm.parse(wat));
        module.write(0);
        leb128(module, bytes + 4);
        module.writeBytes(new byte[] {3, 'p', 'a', 'd'});
        module.writeBytes(noise);
        return module.toByteArray();
    }

    private static void leb128(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static String manifest(String appId, int release) {
        return """
                [app]
                id = "%s"
                version = "%d.0.0"
                release = %d
                module = "app.wasm"
                abi = 1
                [budget]
                cpu = "20ms/100ms"
                callback = "50ms"
                memory = "256KiB"
                queue = 64
                [restart]
                policy = "on-failure"
                max = 2
                window = "1m"
                [update]
                probation = "1s"
                """.formatted(appId, release, release);
    }
}
