package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is remembered from start to start, the audit log says at each start what the app has. */
final class DeclarationTest {
    private static final String APP = "com.acme.fan";
    private static final String FAN_LINE = "signal Vehicle.Cabin.HVAC.** actuate range=0..100 priority=30 failsafe=0";

    @TempDir
    Path dir;

    private byte[] module;

    @BeforeEach
    void assemble() {
        module = TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED);
    }

    private void install(TestVehicle vehicle) {
        vehicle.install(AgentStoryTest.manifest(APP, "1.0.0", 1, AgentStoryTest.FAN_GRANTS), module);
        vehicle.world.run(3_000);
    }

    private static void restart(TestVehicle vehicle) {
        vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "test"));
        vehicle.world.run(1_000);
        assertEquals("RUNNING", vehicle.phase(APP));
    }

    private static List<AuditEntry> declarations(TestVehicle vehicle) {
        return vehicle.audit().stream().filter(AuditEntry::hasDeclared).toList();
    }

    private static boolean grantsTheFan(AuditEntry entry) {
        return entry.getDeclared().getRequestsList().stream()
                .anyMatch(line -> line.getLine().equals(FAN_LINE) && line.getEffectiveCount() > 0);
    }

    private static long fanCommands(TestVehicle vehicle) {
        return vehicle.audit().stream()
                .filter(entry ->
                        entry.hasActuated() && entry.getActuated().getPath().equals(AgentStoryTest.FAN))
                .count();
    }

    @Test
    void eachStartIsDeclaredAnew() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle);
            restart(vehicle);
            restart(vehicle);
            List<AuditEntry> declared = declarations(vehicle);
            assertEquals(3, declared.size());
            declared.forEach(entry -> {
                assertEquals(declared.getFirst().getDeclared(), entry.getDeclared());
                assertTrue(grantsTheFan(entry));
            });
            assertTrue(declared.getFirst().getUnixMs() < declared.getLast().getUnixMs());
        }
    }

    @Test
    void aRestartUnderAnotherPolicyIsDecidedAndDeclaredByThat() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle);
            String without = TestVehicle.POLICY
                    .replace("epoch = 1", "epoch = 2")
                    .replace("\"signal Vehicle.Cabin.** actuate\", ", "");
            assertTrue(vehicle.agent.adopt(VehiclePolicy.parse(without, "policy.toml")));
            long before = fanCommands(vehicle);
            restart(vehicle);
            vehicle.publish("Vehicle.Speed", 80);
            vehicle.world.run(100);

            AuditEntry last = declarations(vehicle).getLast();
            assertEquals(2, last.getDeclared().getPolicyEpoch());
            assertFalse(grantsTheFan(last));
            assertEquals("0", vehicle.recorder.values.getOrDefault(AgentStoryTest.FAN, "0"));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasDenied()
                            && entry.getDeniedOrBuilder().getAccess().contains("HVAC")
                            && entry.getDenied().getAccess().endsWith(" actuate")));
            assertTrue(fanCommands(vehicle) <= before + 2, "only what it lost when it stopped may follow");

            String with = TestVehicle.POLICY.replace("epoch = 1", "epoch = 3");
            assertTrue(vehicle.agent.adopt(VehiclePolicy.parse(with, "policy.toml")));
            restart(vehicle);
            assertEquals(3, declarations(vehicle).getLast().getDeclared().getPolicyEpoch());
            assertTrue(grantsTheFan(declarations(vehicle).getLast()));
        }
    }
}
