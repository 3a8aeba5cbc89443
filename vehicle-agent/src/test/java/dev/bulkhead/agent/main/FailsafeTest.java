package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.contract.proto.AuditEntry.FailsafeApplied;
import dev.bulkhead.hal.actuation.ActuatorView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the owner of an actuator ends, the host puts the actuator into its failsafe, by itself and once, and writes it down. */
class FailsafeTest {
    private static final String APP = "com.acme.fan";
    private static final String FAN = AgentStoryTest.FAN;

    @TempDir
    private Path dir;

    private static String manifest(int release) {
        return AgentStoryTest.manifest(
                APP,
                release + ".0.0",
                release,
                "swap = \"handover\"\n"
                        + AgentStoryTest.grants(
                                "signal " + FAN + " actuate range=0..100 priority=30 lease<=60000ms failsafe=7"));
    }

    /** Takes the fan for a minute and sets it to 33, then does {@code event} every 100 ms; logs when it loses the fan. */
    private static byte[] fan(String event) {
        return TestVehicle.wat("""
            (module
              (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 64) "%s")
              (data (i32.const 144) "lost")
              (global $fan (mut i32) (i32.const 0))
              (global $events (mut i32) (i32.const 0))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32)
                (global.set $fan (call $open (i32.const 64) (i32.const 47) (i32.const 2)))
                (drop (call $acquire (global.get $fan) (i32.const 10) (i32.const 60000)))
                (drop (call $set (global.get $fan) (f64.const 33)))
                (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param $p i32) (param $n i32) (result i32)
                (if (i32.eq (i32.load16_u (local.get $p)) (i32.const 6))
                  (then (drop (call $log (i32.const 2) (i32.const 144) (i32.const 4)))))
                (global.set $events (i32.add (global.get $events) (i32.const 1)))
                %s
                (i32.const 0)))
            """.formatted(FAN, event));
    }

    private static ActuatorView fanOf(TestVehicle vehicle) {
        int id = vehicle.agent.signals().tree().find(FAN).orElseThrow().id();
        return vehicle.agent.actuators().view(id).orElseThrow();
    }

    private static List<FailsafeApplied> failsafes(TestVehicle vehicle) {
        return vehicle.audit().stream()
                .filter(entry -> entry.hasFailsafeApplied())
                .map(entry -> entry.getFailsafeApplied())
                .toList();
    }

    /** Each of its three lives took the fan and lost it to the failsafe. */
    private static void assertEndedInItsFailsafe(TestVehicle vehicle) {
        assertEquals("QUARANTINED", vehicle.phase(APP));
        assertEquals("7", vehicle.recorder.values.get(FAN));
        assertEquals(Optional.empty(), fanOf(vehicle).owner());
        assertEquals(1 + vehicle.app(APP).restarts(), fanOf(vehicle).failsafes());
        List<FailsafeApplied> written = failsafes(vehicle);
        assertEquals(fanOf(vehicle).failsafes(), written.size());
        for (FailsafeApplied failsafe : written) {
            assertEquals(FAN, failsafe.getPath());
            assertEquals("7", failsafe.getAction());
        }
    }

    @Test
    void anOwnerThatTrapsLosesItsActuator() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1), fan("unreachable"));
            vehicle.world.run(50);
            assertEquals("33", vehicle.recorder.values.get(FAN));
            vehicle.world.run(5_000);
            assertEndedInItsFailsafe(vehicle);
        }
    }

    @Test
    void anOwnerThatIsKilledInAnEndlessLoopLosesItsActuator() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1), fan("(loop $l (br $l))"));
            vehicle.world.run(50);
            assertEquals("33", vehicle.recorder.values.get(FAN));
            vehicle.world.run(10_000);
            assertEndedInItsFailsafe(vehicle);
        }
    }

    @Test
    void aSwapThatFailsOnProbationGoesToTheFailsafeAndTheOldVersionIsTold() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1), fan(""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), fan("(if (i32.gt_u (global.get $events) (i32.const 10)) (then unreachable))"));
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals("7", vehicle.recorder.values.get(FAN));
            assertEquals(1, failsafes(vehicle).size(), failsafes(vehicle)::toString);
            assertEquals(Optional.empty(), fanOf(vehicle).owner());
            assertTrue(vehicle.log(APP).contains("lost"), vehicle.log(APP)::toString);
        }
    }
}
