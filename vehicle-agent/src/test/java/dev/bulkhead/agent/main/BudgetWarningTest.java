package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that runs short is told what of, and can do less by itself. */
final class BudgetWarningTest {
    @TempDir
    Path dir;

    /** Logs {@code short of N} for a warning of that code, and runs {@code work} at every other event until it was warned. */
    private static String app(String work, String imports) {
        return """
                (module
                  IMPORTS
                  (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
                  (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
                  (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (data (i32.const 16) "short of ?")
                  (data (i32.const 64) "Vehicle.Speed")
                  (global $warned (mut i32) (i32.const 0))
                  (global $n (mut i32) (i32.const 0))
                  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
                  (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 10) (i32.const 10)))
                  (func (export "on_event") (param $at i32) (param i32) (result i32) (local $i i32)
                    (if (i32.eq (i32.load16_u (local.get $at)) (i32.const 8))
                      (then
                        (global.set $warned (i32.const 1))
                        (i32.store8 (i32.const 25) (i32.add (i32.const 48) (i32.load (i32.add (local.get $at) (i32.const 12)))))
                        (drop (call $log (i32.const 2) (i32.const 16) (i32.const 10))))
                      (else (if (i32.eqz (global.get $warned)) (then WORK))))
                    (i32.const 0)))
                """.replace("WORK", work).replace("IMPORTS", imports);
    }

    private static String app(String work) {
        return app(work, "");
    }

    private static String manifest(String onExceed) {
        String plain = AgentStoryTest.manifest("com.acme.app", "1.0.0", 1, AgentStoryTest.grants("storage 64KiB"));
        return plain.replace("[restart]", "on-exceed = \"" + onExceed + "\"\n[restart]");
    }

    private void warned(String onExceed, String work, String line, String resource) {
        toldOf(manifest(onExceed), app(work), line, resource);
    }

    private void toldOf(String manifest, String module, String line, String resource) {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest, TestVehicle.wat(module));
            vehicle.world.run(3_500);
            assertTrue(
                    vehicle.log("com.acme.app").contains(line),
                    vehicle.log("com.acme.app").toString());
            assertEquals("RUNNING", vehicle.phase("com.acme.app"));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasBudgetExceeded()
                            && entry.getBudgetExceeded().getResource().equals(resource)));
        }
    }

    private static final String BUSY = "(loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))"
            + " (br_if $l (i32.lt_u (local.get $i) (i32.const 40000))))";

    @Test
    void anAppThatDegradesIsToldOfItsCpuAndRunsOn() {
        warned("degrade", BUSY, "short of 1", "cpu");
    }

    @Test
    void anAppThatIsThrottledIsHeldBackWithoutAWord() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("throttle"), TestVehicle.wat(app(BUSY)));
            vehicle.world.run(1_000);
            assertEquals("THROTTLED", vehicle.phase("com.acme.app"));
            assertTrue(vehicle.log("com.acme.app").stream().noneMatch(line -> line.startsWith("short of")));
        }
    }

    @Test
    void anAppThatChoseSoIsKilledAtItsQuota() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest("kill"), TestVehicle.wat(app(BUSY)));
            vehicle.world.run(3_000);
            assertTrue(
                    vehicle.log("com.acme.app").stream().anyMatch(line -> line.contains("CPU quota")),
                    vehicle.log("com.acme.app").toString());
        }
    }

    @Test
    void anAppIsToldOfItsMemory() {
        warned("throttle", "(drop (memory.grow (i32.const 1)))", "short of 2", "memory");
    }

    @Test
    void anAppIsToldOfItsQueue() {
        String manifest = AgentStoryTest.manifest(
                "com.acme.app", "1.0.0", 1, AgentStoryTest.grants("storage 64KiB", "signal Vehicle.Speed read"));
        toldOf(
                manifest,
                app(
                        "(drop (call $subscribe (call $open (i32.const 64) (i32.const 13) (i32.const 1))"
                                + " (i32.const 1) (i32.const 0) (f64.const 0) (i32.const 4096)))",
                        "(import \"hal\" \"signal_open\" (func $open (param i32 i32 i32) (result i32)))"
                                + " (import \"hal\" \"signal_subscribe\""
                                + " (func $subscribe (param i32 i32 i32 f64 i32) (result i32)))"),
                "short of 3",
                "queue");
    }

    @Test
    void anAppIsToldOfItsStorage() {
        warned(
                "throttle",
                "(i32.store8 (i32.const 0) (global.get $n)) (global.set $n (i32.add (global.get $n) (i32.const 1)))"
                        + " (drop (call $put (i32.const 0) (i32.const 1) (i32.const 4096) (i32.const 20000)))",
                "short of 4",
                "storage");
    }
}
