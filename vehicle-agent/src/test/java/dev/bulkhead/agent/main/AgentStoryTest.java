package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.store.AgentStore;
import dev.bulkhead.contract.pack.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One vehicle, real apps, from installation to rollback. */
class AgentStoryTest {
    static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    @TempDir
    Path dir;

    static String manifest(String id, String version, int release, String more) {
        return """
            [app]
            id = "%s"
            version = "%s"
            release = %d
            module = "app.wasm"
            abi = 1
            [budget]
            cpu = "5ms/100ms"
            callback = "20ms"
            memory = "256KiB"
            queue = 64
            storage = "64KiB"
            [restart]
            max = 2
            window = "1m"
            [update]
            probation = "2s"
            %s
            """.formatted(id, version, release, more);
    }

    static String grants(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append("[[capability]]\ngrant = '").append(line).append("'\nreason = \"test\"\n");
        }
        return text.toString();
    }

    /** Subscribes to the speed and sets the fan to a quarter of it at every change. */
    static final String FAN_FOLLOWS_SPEED = """
        (module
          (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
          (import "hal" "signal_subscribe" (func $sub (param i32 i32 i32 f64 i32) (result i32)))
          (import "hal" "signal_get_f64" (func $get (param i32) (result f64)))
          (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
          (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
          (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "Vehicle.Speed")
          (data (i32.const 64) "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed")
          (data (i32.const 256) "Vehicle.Chassis.Brake.PedalPosition")
          (data (i32.const 320) "hello from VERSION")
          (global $speed (mut i32) (i32.const 0))
          (global $fan (mut i32) (i32.const 0))
          (func (export "alloc") (param i32) (result i32) (i32.const 1024))
          (func (export "on_start") (result i32)
            (drop (call $log (i32.const 2) (i32.const 320) (i32.const 18)))
            (drop (call $open (i32.const 256) (i32.const 35) (i32.const 2)))
            (global.set $speed (call $open (i32.const 16) (i32.const 13) (i32.const 1)))
            (global.set $fan (call $open (i32.const 64) (i32.const 47) (i32.const 3)))
            (drop (call $acquire (global.get $fan) (i32.const 10) (i32.const 60000)))
            (call $sub (global.get $speed) (i32.const 1) (i32.const 0) (f64.const 0) (i32.const 16)))
          (func (export "on_event") (param i32 i32) (result i32)
            (drop (call $set (global.get $fan) (f64.nearest (f64.div (call $get (global.get $speed)) (f64.const 4)))))
            (i32.const 0)))
        """;

    static final String FAN_GRANTS = grants(
            "signal Vehicle.Speed read",
            "signal Vehicle.Cabin.HVAC.** read",
            "signal Vehicle.Cabin.HVAC.** actuate range=0..100 priority=30 failsafe=0",
            "signal Vehicle.Chassis.Brake.PedalPosition actuate");

    @Test
    void readsASignalSetsAnActuatorAndIsDeniedAnother() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            InstallReceipt receipt = vehicle.install(
                    manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            assertInstanceOf(InstallReceipt.Accepted.class, receipt, receipt.toString());
            vehicle.world.run(100);
            assertEquals(
                    "RUNNING",
                    vehicle.phase("com.acme.fan"),
                    vehicle.log("com.acme.fan").toString());

            vehicle.publish("Vehicle.Speed", 80);
            vehicle.world.run(100);

            assertEquals("20", vehicle.recorder.values.get(FAN));
            assertTrue(vehicle.log("com.acme.fan").contains("hello from VERSION"));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasDenied()
                            && entry.getDenied().getAccess().contains("Brake.PedalPosition actuate")
                            && entry.getDenied().getRule().contains("hands off the brakes")));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry ->
                            entry.hasActuated() && entry.getActuated().getPath().equals(FAN)));
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.Proven.class, vehicle.reports.getLast().outcome());
            assertEquals(0, vehicle.faults.size(), vehicle.faults.toString());
        }
    }

    @Test
    void aTrapIsHealedThenWalledOffAndTheNeighbourKeepsRunning() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            String traps = """
                (module
                  (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
                  (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 50) (i32.const 0)))
                  (func (export "on_event") (param i32 i32) (result i32) unreachable))
                """;
            vehicle.install(manifest("com.acme.bad", "1.0.0", 1, ""), TestVehicle.wat(traps));
            vehicle.world.run(100);
            assertEquals("BACKOFF", vehicle.phase("com.acme.bad"));
            vehicle.world.run(2_000);
            assertEquals("QUARANTINED", vehicle.phase("com.acme.bad"));
            assertEquals(2, vehicle.app("com.acme.bad").restarts());
            vehicle.publish("Vehicle.Speed", 40);
            vehicle.world.run(100);
            assertEquals("10", vehicle.recorder.values.get(FAN));
        }
    }

    @Test
    void aHogIsThrottledKilledAndWalledOffWhileTheNeighbourKeepsItsRhythm() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            String hog = """
                (module
                  (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
                  (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 50) (i32.const 0)))
                  (func (export "on_event") (param i32 i32) (result i32) (loop $l (br $l)) (i32.const 0)))
                """;
            vehicle.install(manifest("com.acme.hog", "1.0.0", 1, ""), TestVehicle.wat(hog));
            boolean throttled = false;
            for (int i = 0; i < 400; i++) {
                vehicle.publish("Vehicle.Speed", i % 100);
                vehicle.world.run(10);
                throttled |= vehicle.phase("com.acme.hog").equals("THROTTLED");
            }
            assertTrue(throttled, "the hog was never throttled: " + vehicle.log("com.acme.hog"));
            assertEquals("QUARANTINED", vehicle.phase("com.acme.hog"));
            assertEquals("RUNNING", vehicle.phase("com.acme.fan"));
            assertEquals("25", vehicle.recorder.values.get(FAN));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasBudgetExceeded()
                            && entry.getBudgetExceeded().getAction().equals("killed")));
        }
    }

    @Test
    void returnsToTheOldVersionWhenTheNewOneTrapsAtItsStart() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            vehicle.world.run(3_000);
            String broken = """
                (module (memory (export "memory") 1)
                  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
                  (func (export "on_start") (result i32) unreachable)
                  (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
                """;
            vehicle.install(manifest("com.acme.fan", "2.0.0", 2, FAN_GRANTS), TestVehicle.wat(broken));
            vehicle.world.run(1_000);

            var rolledBack = assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("1.0.0", rolledBack.to().version());
            assertTrue(rolledBack.cause().contains("unreachable"), rolledBack.cause());
            assertEquals("RUNNING", vehicle.phase("com.acme.fan"));
            vehicle.publish("Vehicle.Speed", 40);
            vehicle.world.run(100);
            assertEquals("10", vehicle.recorder.values.get(FAN));
        }
    }

    @Test
    void updatesToANewVersionAndRefusesToGoBack() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            vehicle.world.run(3_000);
            vehicle.install(
                    manifest("com.acme.fan", "2.0.0", 2, FAN_GRANTS),
                    TestVehicle.wat(FAN_FOLLOWS_SPEED.replace("f64.const 4", "f64.const 2")));
            vehicle.world.run(3_000);
            vehicle.publish("Vehicle.Speed", 80);
            vehicle.world.run(100);
            assertEquals("40", vehicle.recorder.values.get(FAN));
            assertInstanceOf(
                    UpdateOutcome.Proven.class, vehicle.reports.getLast().outcome());

            InstallReceipt receipt = vehicle.install(
                    manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            var refused = assertInstanceOf(InstallReceipt.Refused.class, receipt);
            assertEquals("downgrade", refused.reason());
            assertTrue(vehicle.audit().stream()
                    .anyMatch(e -> e.hasRefused() && e.getRefused().getWhy().startsWith("downgrade")));
        }
    }

    @Test
    void comesBackToWhatWasAskedOfItAfterARestart() {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = new TestVehicle.Vendors();
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            vehicle.world.run(500);
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(100);
            assertEquals("RUNNING", vehicle.phase("com.acme.fan"));
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.Proven.class, vehicle.reports.getLast().outcome());
        }
    }

    @Test
    void anUpdateWaitsUntilTheVehicleStands() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            vehicle.world.run(3_000);
            vehicle.publish("Vehicle.Speed", 50);
            vehicle.install(
                    manifest("com.acme.fan", "2.0.0", 2, "when = 'Vehicle.Speed == 0'\n" + FAN_GRANTS),
                    TestVehicle.wat(FAN_FOLLOWS_SPEED));
            for (int i = 0; i < 20; i++) {
                vehicle.publish("Vehicle.Speed", 50);
                vehicle.world.run(100);
            }
            assertInstanceOf(
                    UpdateOutcome.Waiting.class, vehicle.reports.getLast().outcome());
            assertEquals(
                    "1.0.0",
                    vehicle.app("com.acme.fan")
                            .slot()
                            .active()
                            .orElseThrow()
                            .release()
                            .version());
            for (int i = 0; i < 40; i++) {
                vehicle.publish("Vehicle.Speed", 0);
                vehicle.world.run(100);
            }
            assertEquals(
                    "2.0.0",
                    vehicle.app("com.acme.fan")
                            .slot()
                            .active()
                            .orElseThrow()
                            .release()
                            .version());
            assertInstanceOf(
                    UpdateOutcome.Proven.class, vehicle.reports.getLast().outcome());
        }
    }

    @Test
    void refusesATamperedPackageAndAnUnknownImportByName() throws Exception {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            Path file =
                    vehicle.pack(manifest("com.acme.fan", "1.0.0", 1, FAN_GRANTS), TestVehicle.wat(FAN_FOLLOWS_SPEED));
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            bytes[text.indexOf("hello from VERSION")] = 'H';
            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("tampered"), vehicle.write(bytes)));
            assertEquals("malformed", refused.reason(), refused.detail());

            String reaches = """
                (module (import "hal" "self_destruct" (func (param i32)))
                  (memory (export "memory") 1)
                  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
                  (func (export "on_start") (result i32) (i32.const 0))
                  (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
                """;
            vehicle.install(manifest("com.acme.boom", "1.0.0", 1, ""), TestVehicle.wat(reaches));
            vehicle.world.run(100);
            assertTrue(
                    vehicle.log("com.acme.boom").stream().anyMatch(line -> line.contains("self_destruct")),
                    vehicle.log("com.acme.boom").toString());
        }
    }

    @Test
    void dropsAtTheNextStartWhatWasStoredButNeverWishedFor() throws Exception {
        byte[] bytes = {1, 2, 3};
        String digest = Digest.of(bytes).hex();
        try (AgentStore store = AgentStore.open(dir, TestVehicle.SEAL)) {
            ReleaseRef release = new ReleaseRef("com.acme.fan", "1.0.0", 1, digest);
            store.store(
                    new StoredRelease(release, "ab".repeat(32), "acme", bytes.length),
                    Files.write(dir.resolve("stored"), bytes));
        }
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            assertFalse(vehicle.agent.installer().holds(digest));
        }
    }
}
