package dev.bulkhead.agent.drill;

import dev.bulkhead.agent.lifecycle.ReleaseContent;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The made-up app in two editions of the same code, and the policy under which it gets all it asks for. */
final class PracticeApp {
    static final String ID = "dev.bulkhead.drill";
    static final int EDITIONS = 2;

    private static final String LINES = """
            ["signal Vehicle.Speed read", "signal Vehicle.Fan actuate", "can can0 rx 200", "can can0 tx 100-1FF",
             "message drill/# publish", "message drill/# subscribe"]""";
    private static final String POLICY = """
            [policy]
            name = "practice"
            epoch = 1
            [[vendor]]
            name = "practice"
            prefix = "dev.bulkhead"
            ceiling = %s
            [[rule]]
            name = "all"
            app = "dev.bulkhead.*"
            lines = %s
            """.formatted(LINES, LINES);
    private static final List<String> GRANTS = List.of(
            "signal Vehicle.Speed read",
            "signal Vehicle.Fan actuate priority=10 lease<=2000ms failsafe=0",
            "can can0 rx 200",
            "can can0 tx 100-1FF",
            "message drill/# publish",
            "message drill/# subscribe");

    private PracticeApp() {}

    static VehiclePolicy policy() {
        return VehiclePolicy.parse(POLICY, "practice");
    }

    /** Both packages, unsigned: no installer is asked. */
    static Map<StoredRelease, byte[]> packages() {
        byte[] module = module();
        Map<StoredRelease, byte[]> packages = new LinkedHashMap<>();
        for (int release = 1; release <= EDITIONS; release++) {
            byte[] bytes = PackageWriter.write(PackageWriter.assemble(
                    manifest(release).getBytes(StandardCharsets.UTF_8), module, Optional.empty(), Optional.empty()));
            ReleaseRef ref = new ReleaseRef(
                    ID, release + ".0.0", release, Digest.of(bytes).hex());
            packages.put(
                    new StoredRelease(ref, ReleaseContent.of(bytes).moduleDigest(), "practice", bytes.length), bytes);
        }
        return packages;
    }

    private static String manifest(int release) {
        StringBuilder text = new StringBuilder("""
                [app]
                id = "%s"
                version = "%d.0.0"
                release = %d
                module = "app.wasm"
                abi = 1
                [budget]
                cpu = "90ms/100ms"
                memory = "256KiB"
                queue = 256
                [update]
                swap = "handover"
                shadow = "0s"
                probation = "0s"
                state = 1
                """.formatted(ID, release, release));
        for (String grant : GRANTS) {
            text.append("[[capability]]\ngrant = \"").append(grant).append("\"\nreason = \"practice\"\n");
        }
        return text.toString();
    }

    private static byte[] module() {
        try (InputStream in = PracticeApp.class.getResourceAsStream("practice.wasm")) {
            if (in == null) {
                throw new IllegalStateException("practice.wasm is not in this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
