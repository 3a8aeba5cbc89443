package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.ota.MemoryTransport;
import dev.bulkhead.agent.ota.OtaSettings;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.agent.ota.TrustGate;
import dev.bulkhead.contract.proto.MetadataBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the fleet's metadata says of withdrawn vendors counts at the installer's door. */
class RevokedVendorTest {
    private static final String APP = "com.acme.fan";

    @TempDir
    Path dir;

    private final LoopWorld world = new LoopWorld();
    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors();
    private Set<String> revoked = Set.of();

    private FleetLink link() {
        return new FleetLink(
                OtaSettings.standard("veh-1", "test", Map.of()),
                new MemoryTransport(world, world, Duration.ofMillis(10), (up, payload) -> {}),
                vendors.vehicleKey,
                installer -> new RevokingGate(),
                turn -> world.at(world.nanos(), turn),
                Steps.IGNORED);
    }

    @Test
    void refusesWhatAKeySignedThatWasWithdrawnMeanwhileAndKeepsWhatRuns() {
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY, Optional.of(link()))) {
            byte[] module = TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED);
            assertInstanceOf(
                    InstallReceipt.Accepted.class,
                    vehicle.install(AgentStoryTest.manifest(APP, "1.0.0", 1, AgentStoryTest.FAN_GRANTS), module));
            world.run(3_000);

            revoked = Set.of(vendors.acmeKey.keyId());
            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.install(AgentStoryTest.manifest(APP, "1.1.0", 2, AgentStoryTest.FAN_GRANTS), module));
            assertEquals("signature", refused.reason());
            assertTrue(refused.detail().startsWith("revoked-vendor"), refused.detail());
            assertEquals("RUNNING", vehicle.phase(APP));
        }
    }

    private final class RevokingGate implements TrustGate {
        @Override
        public long directorRootVersion() {
            return 1;
        }

        @Override
        public long imageRootVersion() {
            return 1;
        }

        @Override
        public Verdict examine(MetadataBundle bundle) {
            return new Verdict.Accepted(List.of());
        }

        @Override
        public Set<String> revokedVendorKeys() {
            return revoked;
        }
    }
}
