package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.ActuatorView;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An actuator that is owned when its app is replaced stays owned: no failsafe, no refusal, no gap in its lease. */
class HandoverActuatorTest {
    private static final String APP = "com.acme.fan";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    @TempDir
    Path dir;

    private static String manifest(int release, String lease, int priority) {
        return AgentStoryTest.manifest(
                APP,
                release + ".0.0",
                release,
                "swap = \"handover\"\n"
                        + AgentStoryTest.grants("signal " + FAN + " actuate range=0..100 priority=" + priority
                                + " lease<=" + lease + " failsafe=0"));
    }

    /** Acquires the fan in {@code on_start} when told so, then sets and renews it on a timer; logs what is refused, and losses. */
    private static byte[] fan(boolean acquires, int priority, int leaseMillis, int everyMillis) {
        return TestVehicle.wat("""
            (module
              (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_renew" (func $renew (param i32) (result i32)))
              (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 64) "%s")
              (data (i32.const 128) "refused")
              (data (i32.const 144) "lost")
              (global $fan (mut i32) (i32.const 0))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func $check (param i32)
                (if (i32.lt_s (local.get 0) (i32.const 0))
                  (then (drop (call $log (i32.const 2) (i32.const 128) (i32.const 7))))))
              (func (export "on_start") (result i32)
                (global.set $fan (call $open (i32.const 64) (i32.const 47) (i32.const 2)))
                %s
                (call $timer (i32.const 1) (i32.const %d) (i32.const %d)))
              (func (export "on_event") (param $p i32) (param $n i32) (result i32)
                (if (i32.eq (i32.load16_u (local.get $p)) (i32.const 6))
                  (then (drop (call $log (i32.const 2) (i32.const 144) (i32.const 4)))))
                (call $check (call $renew (global.get $fan)))
                (call $check (call $set (global.get $fan) (f64.const 33)))
                (i32.const 0)))
            """.formatted(
                        FAN,
                        acquires
                                ? "(call $check (call $acquire (global.get $fan) (i32.const %d) (i32.const %d)))"
                                        .formatted(priority, leaseMillis)
                                : "",
                        everyMillis,
                        everyMillis));
    }

    private static ActuatorView fanOf(TestVehicle vehicle) {
        int id = vehicle.agent.signals().tree().find(FAN).orElseThrow().id();
        return vehicle.agent.actuators().view(id).orElseThrow();
    }

    private static void assertNothingWasRefusedOrLost(TestVehicle vehicle) {
        ActuatorView fan = fanOf(vehicle);
        assertEquals(0, fan.refusals(), fan.lastRefusal());
        assertEquals(0, fan.failsafes(), fan.lastReason());
        assertEquals(Optional.of(APP), fan.owner().map(ActuatorOwner::app));
        assertTrue(vehicle.log(APP).stream().noneMatch(line -> line.contains("refused") || line.contains("lost")));
        assertEquals("33", vehicle.recorder.values.get(FAN));
    }

    @Test
    void staysOwnedThroughTwentySwaps() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "3000ms", 30), fan(true, 10, 200, 50));
            vehicle.world.run(3_000);
            for (int release = 2; release <= 21; release++) {
                vehicle.install(manifest(release, "3000ms", 30), fan(true, 10, 200, 50));
                vehicle.world.run(4_000);
            }
            assertEquals(
                    "21.0.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version());
            assertNothingWasRefusedOrLost(vehicle);
        }
    }

    @Test
    void theNewVersionHasTheLeaseAndPriorityItAskedForInItsShadow() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "3000ms", 30), fan(true, 10, 200, 50));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "3000ms", 30), fan(true, 20, 3_000, 1_000));
            vehicle.world.run(8_000);
            assertNothingWasRefusedOrLost(vehicle);
            assertEquals(20, fanOf(vehicle).priority());
        }
    }

    @Test
    void whatTheOldVersionDidNotOwnTheNewOneOwnsFromItsFirstTurn() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "3000ms", 30), fan(false, 0, 1, 60_000));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "3000ms", 30), fan(true, 10, 500, 100));
            vehicle.world.run(4_000);
            assertNothingWasRefusedOrLost(vehicle);
        }
    }

    @Test
    void aVersionThatCannotHaveWhatItAskedForIsToldSo() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "3000ms", 30), fan(false, 0, 1, 60_000));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "3000ms", 5), fan(true, 10, 500, 60_000));
            vehicle.world.run(4_000);
            assertTrue(vehicle.log(APP).contains("lost"), vehicle.log(APP)::toString);
            assertEquals(Optional.empty(), fanOf(vehicle).owner());
        }
    }
}
