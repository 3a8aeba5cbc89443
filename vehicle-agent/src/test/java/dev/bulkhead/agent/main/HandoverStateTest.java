package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that lies about its size or layout is not handed over: the old version goes on, and the cause is told. */
class HandoverStateTest {
    private static final String APP = "com.acme.counter";
    private static final String LAYOUT_2 = "state = 2\n";

    @TempDir
    Path dir;

    private static String manifest(int release, String update) {
        return AgentStoryTest.manifest(APP, release + ".0.0", release, "swap = \"handover\"\n" + update);
    }

    /** Counts a timer in its second word of state; {@code save} is what it answers, {@code layout} what it writes first. */
    private static byte[] counter(int layout, String save) {
        return counter(layout, save, "(i32.const 4096)");
    }

    /** As above; {@code room} is what {@code alloc} answers. */
    private static byte[] counter(int layout, String save, String room) {
        return TestVehicle.wat("""
            (module
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 32) "restored")
              (global $n (mut i32) (i32.const 0))
              (global $asked (mut i32) (i32.const 0))
              (func (export "alloc") (param $bytes i32) (result i32)
                (global.set $asked (i32.add (global.get $asked) (i32.eq (local.get $bytes) (i32.const 16384))))
                %s)
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.const 0))
              (func (export "save_state") (param $p i32) (param $cap i32) (result i32)
                (i32.store (local.get $p) (i32.const %d))
                (i32.store offset=4 (local.get $p) (global.get $n))
                %s)
              (func (export "restore_state") (param $p i32) (param $len i32) (result i32)
                (drop (call $log (i32.const 2) (i32.const 32) (i32.const 8)))
                (global.set $n (i32.load offset=4 (local.get $p)))
                (i32.const 0)))
            """.formatted(room, layout, save));
    }

    private static final String WHOLE = "(i32.const 8)";

    private static String version(TestVehicle vehicle) {
        return vehicle.app(APP).slot().active().orElseThrow().release().version();
    }

    private static String rolledBack(TestVehicle vehicle) {
        assertEquals("RUNNING", vehicle.phase(APP));
        assertEquals("1.0.0", version(vehicle));
        assertEquals(0, vehicle.app(APP).restarts(), "the old version was never touched");
        return assertInstanceOf(
                        UpdateOutcome.RolledBack.class,
                        vehicle.reports.getLast().outcome())
                .cause();
    }

    private String swap(String oldUpdate, byte[] old, String newUpdate) {
        try (TestVehicle vehicle = new TestVehicle(Files.createTempDirectory(dir, "vehicle"))) {
            vehicle.install(manifest(1, oldUpdate), old);
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, newUpdate), counter(2, WHOLE));
            vehicle.world.run(3_000);
            return rolledBack(vehicle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStateLongerThanItsRoomIsRefused() {
        String cause = swap("", counter(2, "(i32.add (local.get $cap) (i32.const 1))"), "");
        assertTrue(cause.contains("save_state of 1.0.0 says 16385 bytes, its room has 16384"), cause);
        String beyond = swap("", counter(2, "(i32.const 65000)"), "");
        assertTrue(beyond.contains("says 65000 bytes, its room has 16384"), beyond);
    }

    /** What {@code alloc} answers when it is asked for so many bytes or fewer, and 0 for more. */
    private static String upTo(int bytes, int address) {
        return "(select (i32.const %d) (i32.const 0) (i32.le_u (local.get $bytes) (i32.const %d)))"
                .formatted(address, bytes);
    }

    @Test
    void anAppWithoutRoomForItsStateIsNotAskedForItAndGoesOn() {
        String cause = swap("", counter(2, "unreachable", upTo(2_048, 4_096)), "");
        assertEquals("alloc of 1.0.0 gave no room for its state: 0", cause);
        String outside = swap(
                "",
                counter(
                        2,
                        "unreachable",
                        "(select (i32.const 4096) (i32.const 62000)"
                                + " (i32.le_u (local.get $bytes) (i32.const 2048)))"),
                "");
        assertEquals("alloc of 1.0.0 gave no room for its state: 62000", outside);
    }

    @Test
    void anAppWithLittleRoomIsAskedForAsMuchAsItHas() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            String little = "(select (i32.const 8) (i32.const -3) (i32.eq (local.get $cap) (i32.const 4096)))";
            vehicle.install(manifest(1, ""), counter(2, little, upTo(5_000, 4_096)));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, ""), counter(2, WHOLE));
            vehicle.world.run(3_000);
            assertEquals("2.0.0", version(vehicle));
        }
    }

    @Test
    void noAppIsAskedForMoreRoomThanItsBudgetHas() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            String trap = "(if (i32.ge_u (local.get $bytes) (i32.const 262144)) (then unreachable)) (i32.const 4096)";
            vehicle.install(manifest(1, ""), counter(2, WHOLE, trap));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, ""), counter(2, WHOLE));
            vehicle.world.run(3_000);
            assertEquals("2.0.0", version(vehicle));
        }
    }

    @Test
    void aVersionWithoutRoomForTheStateItIsToRestoreIsNotGivenIt() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, ""), counter(2, WHOLE));
            vehicle.world.run(3_000);
            String none = "(select (i32.const 0) (i32.const 4096) (i32.eq (local.get $bytes) (i32.const 8)))";
            vehicle.install(manifest(2, ""), counter(2, WHOLE, none));
            vehicle.world.run(3_000);
            String cause = rolledBack(vehicle);
            assertTrue(cause.contains("alloc gave no room for the 8 bytes of saved state: 0"), cause);
            assertTrue(vehicle.log(APP).stream().noneMatch(line -> line.contains("restored")));
        }
    }

    @Test
    void aSaveThatFailsIsRefused() {
        assertTrue(swap("", counter(2, "(i32.const -3)"), "").contains("save_state of 1.0.0 answered -3"));
    }

    @Test
    void roomForTheStateIsAskedForOnce() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            String once = "(select (i32.const 8) (i32.const -3) (i32.eq (global.get $asked) (i32.const 1)))";
            vehicle.install(manifest(1, ""), counter(2, once));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, ""), counter(2, WHOLE));
            vehicle.world.run(3_000);
            assertEquals("2.0.0", version(vehicle), "its state was saved for the shadow and at the cut");
        }
    }

    @Test
    void aStateOfAnotherLayoutThanItsManifestSaysIsRefused() {
        String cause = swap(LAYOUT_2, counter(7, WHOLE), LAYOUT_2);
        assertTrue(cause.contains("save_state of 1.0.0 gave layout 7, its manifest says layout 2"), cause);
        String empty = swap(LAYOUT_2, counter(2, "(i32.const 3)"), LAYOUT_2);
        assertTrue(empty.contains("gave 3 bytes without a layout"), empty);
    }

    @Test
    void aLayoutTheNewVersionCannotRestoreIsRefused() {
        String newer = swap("state = 3\n", counter(3, WHOLE), LAYOUT_2);
        assertTrue(newer.contains("has layout 3, it restores layouts 2 to 2"), newer);
        String unnumbered = swap("", counter(9, WHOLE), LAYOUT_2);
        assertTrue(unnumbered.contains("has no layout number, it restores layouts 2 to 2"), unnumbered);
    }

    @Test
    void anOlderLayoutWithinItsReachIsRestored() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "state = 1\n"), counter(1, WHOLE));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "state = 2\nrestores = 1\n"), counter(2, WHOLE));
            vehicle.world.run(5_000);
            assertEquals("2.0.0", version(vehicle));
            assertTrue(vehicle.log(APP).contains("(shadow) restored"), vehicle.log(APP)::toString);
        }
    }

    @Test
    void theShadowRunLastsAsLongAsTheManifestAsks() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, ""), counter(2, WHOLE));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "shadow = \"5s\"\n"), counter(2, WHOLE));
            vehicle.world.run(4_900);
            assertEquals("1.0.0", version(vehicle));
            vehicle.world.run(200);
            assertEquals("2.0.0", version(vehicle));
            vehicle.world.run(3_000);
            vehicle.install(manifest(3, "shadow = \"0s\"\n"), counter(2, WHOLE));
            vehicle.world.run(50);
            assertEquals("3.0.0", version(vehicle));
        }
    }
}
