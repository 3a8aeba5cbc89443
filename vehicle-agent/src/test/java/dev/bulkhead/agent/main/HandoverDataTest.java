package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app's key-value data goes over to a new version, migrated, and comes back with the old one when the new one fails. */
class HandoverDataTest {
    private static final String APP = "com.acme.diary";

    @TempDir
    Path dir;

    private static String manifest(int release, String swap) {
        return AgentStoryTest.manifest(
                APP, release + ".0.0", release, "swap = \"" + swap + "\"\n" + AgentStoryTest.grants("storage 64KiB"));
    }

    /** Writes its mark under {@code s}, {@code r} and {@code e} in on_start, restore_state and each event; may trap at an event. */
    private static byte[] diary(char mark, String trap) {
        return diary(mark, trap, "(call $write (i32.const 17))");
    }

    /** The same with something else to do in restore_state. */
    private static byte[] diary(char mark, String trap, String restore) {
        return TestVehicle.wat("""
            (module
              (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "sre%c")
              (global $n (mut i32) (i32.const 0))
              (func $write (param $key i32)
                (drop (call $put (local.get $key) (i32.const 1) (i32.const 19) (i32.const 1))))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32)
                (call $write (i32.const 16))
                (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                %s
                (call $write (i32.const 18)) (i32.const 0))
              (func (export "save_state") (param i32 i32) (result i32) (i32.const 4))
              (func (export "restore_state") (param i32 i32) (result i32)
                %s (i32.const 0)))
            """.formatted(mark, trap, restore));
    }

    private static final String TRAPS_LATE = "(if (i32.gt_u (global.get $n) (i32.const 15)) (then unreachable))";
    private static final String TRAPS_SOON = "(if (i32.gt_u (global.get $n) (i32.const 3)) (then unreachable))";

    private static String read(TestVehicle vehicle, String key) {
        return vehicle.agent
                .keyValues()
                .get(APP, key.getBytes(StandardCharsets.UTF_8))
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .orElse("");
    }

    private static String all(TestVehicle vehicle) {
        return read(vehicle, "s") + "," + read(vehicle, "r") + "," + read(vehicle, "e");
    }

    @Test
    void whatTheNewVersionMigratesInRestoreStateStaysAndItsShadowLeavesNothing() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            vehicle.world.run(3_000);
            assertEquals("1,,1", all(vehicle));
            vehicle.install(manifest(2, "handover"), diary('2', ""));
            vehicle.world.run(900);
            assertEquals("1,,1", all(vehicle), "the shadow writes nothing");
            vehicle.world.run(4_000);
            assertEquals("1,2,2", all(vehicle));
        }
    }

    @Test
    void aVersionThatFailsOnProbationGivesTheDataBackAsItWas() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "handover"), diary('2', TRAPS_LATE));
            vehicle.world.run(1_250);
            assertEquals("1,2,2", all(vehicle), vehicle.log(APP)::toString);
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("1,,1", all(vehicle));
        }
    }

    @Test
    void soDoesOneThatWritesForTheFirstTimeAfterTheCut() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "handover"), diary('2', TRAPS_LATE, ""));
            vehicle.world.run(1_250);
            assertEquals("1,,2", all(vehicle), vehicle.log(APP)::toString);
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("1,,1", all(vehicle));
        }
    }

    @Test
    void whatAProvenVersionWritesLaterIsNotKeptForAReturn() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "handover"), diary('2', "", ""));
            vehicle.world.run(8_000);
            assertInstanceOf(
                    UpdateOutcome.Proven.class, vehicle.reports.getLast().outcome());
            assertEquals(Optional.empty(), vehicle.agent.keyValues().remembersFor(APP));
        }
    }

    @Test
    void soDoesOneThatReplacedItByARestart() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "restart"), diary('1', ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "restart"), diary('2', TRAPS_SOON));
            vehicle.world.run(250);
            assertEquals("2,,2", all(vehicle), vehicle.log(APP)::toString);
            vehicle.world.run(3_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("1,,1", all(vehicle), "1 wrote s again when it started anew");
        }
    }

    @Test
    void aRestartOfTheAgentOnProbationKeepsTheWayBack() {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "handover"), diary('2', TRAPS_LATE));
            vehicle.world.run(1_250);
            assertEquals("1,2,2", all(vehicle));
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(200);
            assertEquals("2,2,2", all(vehicle));
            vehicle.world.run(5_000);
            assertEquals(
                    "1.0.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version(),
                    vehicle.log(APP)::toString);
            assertEquals("1,,1", all(vehicle));
        }
    }

    @Test
    void aDamagedFileOfDataIsLeftAloneSaidToBeSoAndStopsNobody() throws IOException {
        TestVehicle.Vendors vendors = new TestVehicle.Vendors();
        LoopWorld world = new LoopWorld();
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.install(manifest(1, "handover"), diary('1', ""));
            world.run(3_000);
        }
        Path file = dir.resolve("kv.db");
        byte[] damaged = "nobody knows how this came here, and it is no database".getBytes(StandardCharsets.UTF_8);
        Files.write(file, damaged);
        Files.deleteIfExists(dir.resolve("kv.db-wal"));
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertTrue(vehicle.faults.toString().contains("kv.db"), vehicle.faults.toString());
            String log = vehicle.log(APP).toString();
            assertTrue(log.contains("its key-value data is out of reach"), log);
            assertArrayEquals(damaged, Files.readAllBytes(file));
        }
    }
}
