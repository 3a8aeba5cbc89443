package dev.bulkhead.server.main;

import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.repository.PackageFacts;
import dev.bulkhead.server.web.ApiToken;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;

/** Everything around a fleet server in a folder: an OEM, vendors, vehicles and their packages. */
final class Town {
    static final InstantSource TIME = InstantSource.system();

    final KeyDirectory keys;
    private final Path folder;
    private final TrustCeremony ceremony;

    private Town(Path folder) {
        this.folder = folder;
        this.keys = new KeyDirectory(folder.resolve("keys"), TIME, new SecureRandom(), KeyDirectory.Validity.USUAL);
        this.ceremony = new TrustCeremony(keys, Lifetimes.USUAL, TIME);
    }

    /** A new OEM with a server and one vendor, {@code acme}, that owns {@code com.acme}. */
    static Town founded(Path folder) {
        Town town = new Town(folder);
        town.keys.init(Optional.empty());
        town.ceremony.init(Optional.empty());
        town.keys.addServer(List.of(), Optional.empty());
        town.addVendor("acme", "com.acme");
        return town;
    }

    /** One that was founded before. */
    static Town at(Path folder) {
        return new Town(folder);
    }

    void addVendor(String vendor, String prefix) {
        keys.addVendor(new VendorIdentity(vendor, prefix), Optional.empty());
        ceremony.addVendor(vendor, Optional.empty());
    }

    SSLContext vehicle(String id) {
        if (!keys.vehicles().contains(id)) {
            keys.addVehicle(id, Optional.empty());
        }
        return MutualTls.context(keys.vehicle(id), keys.trustAnchor());
    }

    ServerSettings settings() {
        return ServerSettings.local(folder.resolve("server"), folder.resolve("keys"), "demo");
    }

    FleetServer start() {
        return FleetServer.start(settings(), TIME, new SecureRandom());
    }

    ServerClient client(int port, ApiToken token) {
        return new ServerClient(URI.create("http://127.0.0.1:" + port), token);
    }

    ServerClient client(FleetServer server) {
        return client(server.webPort(), server.token());
    }

    /** A package with a module of this many bytes. */
    byte[] packed(String vendor, String appId, String version, int release, int moduleBytes) {
        return packed(vendor, appId, version, release, moduleBytes, Optional.empty());
    }

    byte[] packed(String vendor, String appId, String version, int release, int moduleBytes, Optional<byte[]> assets) {
        byte[] module = new byte[moduleBytes];
        new Random(release).nextBytes(module);
        AppPackage app = PackageWriter.assemble(
                manifest(appId, version, release).getBytes(StandardCharsets.UTF_8), module, assets, Optional.empty());
        PackageSigner signer = new PackageSigner(keys.vendorKey(vendor, Optional.empty()), keys.vendorChain(vendor));
        byte[] envelope = signer.sign(
                        PackageFacts.read(PackageWriter.write(app)).statement())
                .encode();
        return PackageWriter.write(app.signedBy(envelope));
    }

    static String manifest(String appId, String version, int release) {
        return """
                [app]
                id = "%s"
                version = "%s"
                release = %d
                module = "app.wasm"
                abi = 1
                """.formatted(appId, version, release);
    }

    VendorRole role(String vendor) {
        return new VendorRole(List.of(keys.vendorKey(vendor, Optional.empty())), TIME, Lifetimes.USUAL.vendor());
    }

    Views.Release publish(ServerClient client, String appId, String version, int release) {
        return publish(client, appId, version, release, 10_000);
    }

    Views.Release publish(ServerClient client, String appId, String version, int release, int moduleBytes) {
        return client.publish(packed("acme", appId, version, release, moduleBytes), "acme", role("acme"));
    }
}
