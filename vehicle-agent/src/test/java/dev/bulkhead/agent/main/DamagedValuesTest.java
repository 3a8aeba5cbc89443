package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cell of an app's key-value data holds what cannot be: the app is told, and goes on. */
final class DamagedValuesTest {
    private static final String APP = "com.acme.app";

    /** Reads {@code k} when it starts and logs {@code -} for an error, a digit for a length; writes it when there is none or it cannot be read. */
    private static final String READER = """
        (module
          (import "app" "kv_get" (func $get (param i32 i32 i32 i32) (result i32)))
          (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
          (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "k")
          (func (export "alloc") (param i32) (result i32) (i32.const 4096))
          (func (export "on_event") (param i32 i32) (result i32) (i32.const 0))
          (func (export "on_start") (result i32) (local $got i32)
            (local.set $got (call $get (i32.const 16) (i32.const 1) (i32.const 64) (i32.const 64)))
            (i32.store8 (i32.const 32) (i32.const 45))
            (i32.store8 (i32.const 33) (i32.sub (i32.const 48) (local.get $got)))
            (if (i32.ge_s (local.get $got) (i32.const 0))
              (then
                (i32.store8 (i32.const 32) (i32.const 43))
                (i32.store8 (i32.const 33) (i32.add (i32.const 48) (local.get $got))))
              (else (drop (call $put (i32.const 16) (i32.const 1) (i32.const 16) (i32.const 1)))))
            (drop (call $log (i32.const 2) (i32.const 32) (i32.const 2)))
            (i32.const 0)))
        """;

    @TempDir
    Path dir;

    @Test
    void theGuestIsToldToTryAgainItsLogSaysWhyAndWritingItMendsIt() throws Exception {
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = new TestVehicle(dir, new LoopWorld(), vendors, TestVehicle.POLICY)) {
            vehicle.install(
                    AgentStoryTest.manifest(APP, "1.0.0", 1, AgentStoryTest.grants("storage 4KiB")),
                    TestVehicle.wat(READER));
            vehicle.world.run(3_000);
            assertTrue(vehicle.log(APP).contains("-2"), () -> vehicle.log(APP).toString());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("kv.db"));
                Statement sql = connection.createStatement()) {
            assertEquals(1, sql.executeUpdate("UPDATE entry SET value = 'k'"));
        }
        try (TestVehicle vehicle = new TestVehicle(dir, new LoopWorld(), vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertTrue(vehicle.log(APP).contains("-7"), () -> vehicle.log(APP).toString());
            assertTrue(
                    vehicle.log(APP).stream()
                            .anyMatch(line -> line.contains("key \"k\": text stands where bytes should be")),
                    () -> vehicle.log(APP).toString());
            assertEquals(List.of(), vehicle.faults);
        }
        try (TestVehicle vehicle = new TestVehicle(dir, new LoopWorld(), vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertTrue(vehicle.log(APP).contains("+1"), () -> vehicle.log(APP).toString());
        }
    }
}
