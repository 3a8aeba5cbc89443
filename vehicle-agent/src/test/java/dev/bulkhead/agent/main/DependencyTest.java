package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.contract.proto.AuditEntry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that need others: who starts and stops first, what follows when a provider dies, is replaced or is not there at all. */
class DependencyTest {
    private static final String MAPS = "com.acme.maps";
    private static final String ROUTE = "com.acme.route";
    private static final String GUIDE = "com.acme.guide";

    private static final byte[] IDLE = TestVehicle.wat("""
        (module (memory (export "memory") 1)
          (func (export "alloc") (param i32) (result i32) (i32.const 4096))
          (func (export "on_start") (result i32) (i32.const 0))
          (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
        """);

    /** Traps half a second after each start. */
    private static final byte[] DYING = TestVehicle.wat("""
        (module (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "alloc") (param i32) (result i32) (i32.const 4096))
          (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 500) (i32.const 0)))
          (func (export "on_event") (param i32 i32) (result i32) unreachable))
        """);

    @TempDir
    Path dir;

    private static String needs(String app, String version) {
        return "[[dependency]]\napp = \"" + app + "\"\nversion = \"" + version + "\"\n";
    }

    private static String prefers(String app) {
        return "[[dependency]]\napp = \"" + app + "\"\noptional = true\n";
    }

    private static String manifest(String app, int release, String dependencies) {
        return AgentStoryTest.manifest(app, release + ".0.0", release, "swap = \"handover\"\n" + dependencies);
    }

    private static void install(TestVehicle vehicle, String app, int release, String dependencies) {
        InstallReceipt receipt = vehicle.install(manifest(app, release, dependencies), IDLE);
        assertInstanceOf(InstallReceipt.Accepted.class, receipt, receipt.toString());
        vehicle.world.run(200);
    }

    private static void verb(TestVehicle vehicle, String app, SupervisorEvent.Verb verb) {
        vehicle.agent.orchestrator().apply(app, new SupervisorEvent.Operator(verb, "test"));
        vehicle.world.run(200);
    }

    @Test
    void anAppWaitsForOneThatIsNotThereAndSaysSoWhileTheOthersRun() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, ROUTE, 1, needs(MAPS, ">=1.2 <3"));
            install(vehicle, GUIDE, 1, "");
            assertEquals("WAITING", vehicle.phase(ROUTE));
            assertEquals(
                    "needs com.acme.maps >=1.2.0 <3.0.0, which is not installed",
                    vehicle.app(ROUTE).cause());
            assertEquals("RUNNING", vehicle.phase(GUIDE));
            var waiting = assertInstanceOf(
                    UpdateOutcome.Waiting.class,
                    vehicle.app(ROUTE).update().orElseThrow().outcome());
            assertTrue(waiting.condition().contains("not installed"));

            install(vehicle, MAPS, 1, "");
            assertEquals("WAITING", vehicle.phase(ROUTE), "1.0.0 is too old");
            assertTrue(vehicle.app(ROUTE).cause().contains("installed is 1.0.0"));
            install(vehicle, MAPS, 2, "");
            vehicle.world.run(2_000);
            assertEquals("RUNNING", vehicle.phase(ROUTE));
            assertTrue(vehicle.audit().stream()
                    .filter(AuditEntry::hasStopped)
                    .anyMatch(entry -> entry.getAppId().equals(ROUTE)
                            && entry.getStopped().getState().equals("WAITING")));
        }
    }

    @Test
    void aCircleIsRefusedWithItsPath() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, MAPS, 1, needs(ROUTE, "*"));
            install(vehicle, ROUTE, 1, prefers(GUIDE));
            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class, vehicle.install(manifest(GUIDE, 1, needs(MAPS, "*")), IDLE));
            assertEquals("dependency", refused.reason());
            assertTrue(
                    refused.detail()
                            .contains("com.acme.guide needs com.acme.maps needs com.acme.route needs com.acme.guide"),
                    refused.detail());
            assertEquals("RUNNING", vehicle.phase(MAPS));
        }
    }

    @Test
    void aProviderThatIsStoppedTakesItsConsumersWithItAndBringsThemBack() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, MAPS, 1, "");
            install(vehicle, ROUTE, 1, needs(MAPS, "*"));
            install(vehicle, GUIDE, 1, needs(ROUTE, "*"));
            vehicle.world.run(3_000);
            verb(vehicle, MAPS, SupervisorEvent.Verb.STOP);
            assertEquals("STOPPED", vehicle.phase(MAPS));
            assertEquals("WAITING", vehicle.phase(ROUTE));
            assertEquals("WAITING", vehicle.phase(GUIDE));
            assertEquals(
                    "needs com.acme.maps, which is stopped", vehicle.app(ROUTE).cause());
            assertEquals(List.of(GUIDE, ROUTE, MAPS), ended(vehicle));

            verb(vehicle, MAPS, SupervisorEvent.Verb.START);
            for (String app : List.of(MAPS, ROUTE, GUIDE)) {
                assertEquals("RUNNING", vehicle.phase(app), app);
            }
        }
    }

    /** The apps in the order in which their on_stop was called and answered. */
    private static List<String> ended(TestVehicle vehicle) {
        return vehicle.audit().stream()
                .filter(AuditEntry::hasStopped)
                .map(AuditEntry::getAppId)
                .distinct()
                .toList();
    }

    @Test
    void aProviderThatIsHealedOrReplacedDisturbsNobody() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, MAPS, 1, "");
            install(vehicle, ROUTE, 1, needs(MAPS, "<3"));
            vehicle.world.run(3_000);
            verb(vehicle, MAPS, SupervisorEvent.Verb.RESTART);
            install(vehicle, MAPS, 2, "");
            vehicle.world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(ROUTE));
            assertEquals(0, vehicle.app(ROUTE).restarts());

            install(vehicle, MAPS, 3, "");
            vehicle.world.run(5_000);
            assertEquals("WAITING", vehicle.phase(ROUTE));
            assertTrue(vehicle.app(ROUTE).cause().contains("installed is 3.0.0"));
        }
    }

    @Test
    void aProviderThatKeepsDyingIsQuarantinedAndItsConsumerWaitsWhileTheRestRuns() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(MAPS, 1, ""), DYING);
            vehicle.world.run(100);
            install(vehicle, ROUTE, 1, needs(MAPS, "*"));
            install(vehicle, GUIDE, 1, prefers(MAPS));
            vehicle.world.run(60_000);
            assertEquals("QUARANTINED", vehicle.phase(MAPS));
            assertEquals("WAITING", vehicle.phase(ROUTE));
            assertEquals(
                    "needs com.acme.maps, which is quarantined",
                    vehicle.app(ROUTE).cause());
            assertEquals("RUNNING", vehicle.phase(GUIDE));
        }
    }

    @Test
    void aVersionThatLacksWhatItNeedsDoesNotTakeThePlaceOfOneThatRuns() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, ROUTE, 1, "");
            vehicle.world.run(3_000);
            install(vehicle, ROUTE, 2, needs(MAPS, "*"));
            vehicle.world.run(3_000);
            assertEquals("RUNNING", vehicle.phase(ROUTE));
            assertEquals(
                    "1.0.0",
                    vehicle.app(ROUTE).slot().active().orElseThrow().release().version());
            install(vehicle, MAPS, 1, "");
            vehicle.world.run(5_000);
            assertEquals(
                    "2.0.0",
                    vehicle.app(ROUTE).slot().active().orElseThrow().release().version());
            assertEquals("RUNNING", vehicle.phase(ROUTE));
        }
    }

    @Test
    void afterARestartOfTheAgentProvidersStartFirst() {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            install(vehicle, "com.acme.zebra", 1, "");
            install(vehicle, "com.acme.alpha", 1, prefers("com.acme.zebra"));
            install(vehicle, "com.acme.beta", 1, needs("com.acme.alpha", "*"));
            vehicle.world.run(3_000);
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            List<String> started = vehicle.audit().stream()
                    .filter(AuditEntry::hasStarted)
                    .map(AuditEntry::getAppId)
                    .toList();
            assertEquals(
                    List.of("com.acme.zebra", "com.acme.alpha", "com.acme.beta"),
                    started.subList(started.size() - 3, started.size()));
        }
    }
}
