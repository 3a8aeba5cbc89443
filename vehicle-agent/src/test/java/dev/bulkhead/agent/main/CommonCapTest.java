package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guests that make the host hold what it can, of several kinds, in a real agent: at the common cap each is told so with the answer of that call, goes on
 * running, and its neighbour never notices.
 */
final class CommonCapTest {
    private static final String APP = "com.acme.app";

    @TempDir
    Path dir;

    /**
     * Logs numbers as a letter and two digits, a negative one with a minus. {@code fill} opens signals until none can be opened any more, and gives the last
     * handle; {@code can} opens a bus to receive, which takes 98,816 bytes, for good. A timer goes on from then on.
     */
    private static String app(String memory, String functions, String onStart, String onTimer) {
        return """
                (module
                  (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
                  (import "hal" "signal_close" (func $close (param i32) (result i32)))
                  (import "hal" "can_open" (func $can_open (param i32 i32 i32) (result i32)))
                  (import "hal" "can_send" (func $can_send (param i32 i32 i32) (result i32)))
                  (import "app" "msg_subscribe" (func $listen (param i32 i32) (result i32)))
                  (import "app" "msg_publish" (func $publish (param i32 i32 i32 i32) (result i32)))
                  (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
                  (import "app" "kv_delete" (func $delete (param i32 i32) (result i32)))
                  (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
                  (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
                  (memory (export "memory") MEMORY)
                  (data (i32.const 16) "Vehicle.Speed")
                  (data (i32.const 32) "can0")
                  (data (i32.const 48) "fleet/a")
                  (func $say (param $letter i32) (param $number i32) (local $size i32)
                    (i32.store8 (i32.const 64) (local.get $letter))
                    (i32.store8 (i32.const 65) (i32.const 32))
                    (local.set $size (local.get $number))
                    (if (i32.lt_s (local.get $number) (i32.const 0))
                      (then
                        (i32.store8 (i32.const 65) (i32.const 45))
                        (local.set $size (i32.sub (i32.const 0) (local.get $number)))))
                    (i32.store8 (i32.const 66) (i32.add (i32.const 48) (i32.div_u (local.get $size) (i32.const 10))))
                    (i32.store8 (i32.const 67) (i32.add (i32.const 48) (i32.rem_u (local.get $size) (i32.const 10))))
                    (drop (call $log (i32.const 2) (i32.const 64) (i32.const 4))))
                  (func $can (result i32) (call $can_open (i32.const 32) (i32.const 4) (i32.const 1)))
                  (func $fill (result i32) (local $last i32) (local $next i32)
                    (loop $more
                      (local.set $last (local.get $next))
                      (local.set $next (call $open (i32.const 16) (i32.const 13) (i32.const 1)))
                      (br_if $more (i32.gt_s (local.get $next) (i32.const 0))))
                    (local.get $last))
                  FUNCTIONS
                  (func (export "alloc") (param i32) (result i32) (i32.const 4096))
                  (func (export "on_start") (result i32)
                    (drop (call $timer (i32.const 1) (i32.const 10) (i32.const 10)))
                    ONSTART
                    (i32.const 0))
                  (func (export "on_event") (param $at i32) (param i32) (result i32)
                    (if (i32.eq (i32.load16_u (local.get $at)) (i32.const 3)) (then ONTIMER))
                    (i32.const 0)))
                """.replace("MEMORY", memory)
                .replace("FUNCTIONS", functions)
                .replace("ONSTART", onStart)
                .replace("ONTIMER", onTimer);
    }

    private static String say(char letter, String number) {
        return "(call $say (i32.const " + (int) letter + ") " + number + ")";
    }

    private static String manifest(String version, int release, String... more) {
        return AgentStoryTest.manifest(
                        APP,
                        version,
                        release,
                        String.join("\n", more)
                                + AgentStoryTest.grants(
                                        "signal ** read",
                                        "can can0 rx 000-7FF",
                                        "can can0 tx 100-1FF",
                                        "message fleet/# publish",
                                        "message fleet/# subscribe",
                                        "storage 64KiB"))
                .replace("5ms/100ms", "50ms/100ms");
    }

    private void neighbour(TestVehicle vehicle) {
        vehicle.install(
                AgentStoryTest.manifest("com.acme.fan", "1.0.0", 1, AgentStoryTest.FAN_GRANTS),
                TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED));
        vehicle.world.run(100);
    }

    private void bothGoOn(TestVehicle vehicle) {
        for (int speed = 4; speed <= 40; speed += 4) {
            vehicle.publish("Vehicle.Speed", speed);
            vehicle.world.run(10);
            assertEquals(Integer.toString(speed / 4), vehicle.recorder.values.get(AgentStoryTest.FAN));
        }
        assertEquals("RUNNING", vehicle.phase(APP), () -> vehicle.log(APP).toString());
        assertEquals(List.of(), vehicle.faults);
    }

    private static boolean refusedMemory(TestVehicle vehicle) {
        vehicle.world.run(1_100); // counters are written down once a second
        return vehicle.audit().stream()
                .anyMatch(entry -> entry.getAppId().equals(APP)
                        && entry.hasBudgetExceeded()
                        && entry.getBudgetExceeded().getResource().equals("memory")
                        && entry.getBudgetExceeded().getAction().equals("refused"));
    }

    /** What it logged itself; what the supervisor says has an arrow. */
    private static List<String> said(TestVehicle vehicle) {
        return vehicle.log(APP).stream().filter(line -> !line.contains("->")).toList();
    }

    @Test
    void itsMemoryGrowsNoFurtherThanWhatTheHostHoldsForItLeavesAndAgainOnceThatIsGivenBack() {
        String grow = "(memory.grow (i32.const 1))";
        // two buses and 254 signals take 327,680 bytes, a timer 576, 262,144 come with every app: 192 bytes are missing
        // for a third page of the four
        String module = app(
                "1",
                "(global $last (mut i32) (i32.const 0)) (global $turn (mut i32) (i32.const 0))",
                "(drop (call $can)) (drop (call $can)) (global.set $last (call $fill))"
                        + say('g', grow) + say('g', grow) + say('g', grow)
                        + "(i32.store (i32.const 131068) (i32.const 77))",
                "(global.set $turn (i32.add (global.get $turn) (i32.const 1)))"
                        + "(if (i32.eq (global.get $turn) (i32.const 5)) (then"
                        + say('c', "(call $close (global.get $last))")
                        + say('c', "(call $close (i32.sub (global.get $last) (i32.const 1)))")
                        + say('g', grow) + say('g', grow) + say('m', "(i32.load (i32.const 131068))") + "))");
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(manifest("1.0.0", 1), TestVehicle.wat(module));
            vehicle.world.run(45);
            assertEquals(List.of("g 01", "g-01", "g-01"), said(vehicle));
            bothGoOn(vehicle);
            assertEquals(
                    List.of("g 01", "g-01", "g-01", "c 00", "c 00", "g 02", "g-01", "m 77"),
                    said(vehicle),
                    "a third page once two signals are closed, and no fourth");
            assertTrue(refusedMemory(vehicle));
        }
    }

    @Test
    void whoFillsItWithHandlesListensToNothingMoreUntilOneIsClosed() {
        String listen = "(call $listen (i32.const 48) (i32.const 7))";
        String module = app(
                "4",
                "(global $last (mut i32) (i32.const 0))",
                "(drop (call $can)) (drop (call $can)) (global.set $last (call $fill))" + say('l', listen)
                        + say('c', "(call $close (global.get $last))")
                        + say('c', "(call $close (i32.sub (global.get $last) (i32.const 1)))")
                        + say('l', listen)
                        + say('g', "(memory.grow (i32.const 1))"),
                "");
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(manifest("1.0.0", 1), TestVehicle.wat(module));
            vehicle.world.run(50);
            assertEquals(List.of("l-15", "c 00", "c 00", "l 00", "g-01"), said(vehicle));
            bothGoOn(vehicle);
            assertTrue(refusedMemory(vehicle));
        }
    }

    private static final String OPENED =
            "(i32.gt_s (call $open (i32.const 16) (i32.const 13) (i32.const 1)) (i32.const 0))";

    /** Publishes so many bytes on the topic {@code fleet/} with this letter. */
    private static String publish(String letter, int bytes) {
        return "(i32.store8 (i32.const 54) " + letter + ")"
                + "(local.set $said (call $publish (i32.const 48) (i32.const 7) (i32.const 0) (i32.const " + bytes
                + ")))";
    }

    /** Says 60,000 bytes on a topic after the other until it is refused, at its start and at every timer: seven of them fit beside its one page. */
    private static final String FLOOD = app(
            "1",
            "(func $words (local $n i32) (local $said i32)"
                    + "(loop $more"
                    + publish("(i32.add (i32.const 97) (local.get $n))", 60_000)
                    + "(if (i32.eqz (local.get $said)) (then"
                    + " (local.set $n (i32.add (local.get $n) (i32.const 1)))"
                    + " (br_if $more (i32.lt_u (local.get $n) (i32.const 20))))))"
                    + say('w', "(local.get $n)") + say('s', "(local.get $said)")
                    + publish("(i32.const 97)", 0) + say('e', "(local.get $said)")
                    + publish("(i32.const 97)", 60_000) + say('a', "(local.get $said)")
                    + publish("(i32.const 122)", 60_000) + say('z', "(local.get $said)") + ")",
            "(call $words)" + say('o', OPENED) + say('g', "(memory.grow (i32.const 1))"),
            "(call $words)");

    private static final List<String> FLOODED = List.of("w 07", "s-15", "e 00", "a 00", "z-15");

    @Test
    void whoSaysMuchOnManyTopicsIsRefusedTheNextAndPaysForThemThroughRestartsAndIsForgottenWithItsRemoval() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(manifest("1.0.0", 1), TestVehicle.wat(FLOOD));
            vehicle.world.run(5);
            List<String> atItsStart = new ArrayList<>(FLOODED);
            atItsStart.addAll(List.of("o 01", "g-01"));
            assertEquals(atItsStart, said(vehicle));
            bothGoOn(vehicle);
            assertTrue(refusedMemory(vehicle));
            long held = held(vehicle);
            assertTrue(held > 7 * 60_000 && held <= 448 * 1_024, () -> "holds " + held);
            vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(SupervisorEvent.Verb.STOP, "test"));
            vehicle.world.run(1_000);
            byte[] silent = TestVehicle.wat(app("1", "", say('o', OPENED), ""));
            vehicle.install(manifest("1.0.1", 2), silent);
            vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(SupervisorEvent.Verb.START, "test"));
            vehicle.world.run(3_000);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertTrue(held(vehicle) > 7 * 60_000, "the next version pays for what was said before");
            vehicle.agent.installer().uninstall("away", APP);
            vehicle.world.run(3_000);
            vehicle.install(manifest("1.0.2", 3), silent);
            vehicle.world.run(1_000);
            assertTrue(held(vehicle) < 10_000, "and for nothing once it was removed");
            assertEquals(List.of(), vehicle.faults);
        }
    }

    private static long held(TestVehicle vehicle) {
        return vehicle.app(APP).compartment().orElseThrow().hostBytes();
    }

    @Test
    void whoSendsUnderEveryIdentifierAtTheCapIsServedAndRemembersNone() {
        // 64 frames with identifiers 100 to 13F, of 80 bytes each from 8192 on
        String module = app(
                "4",
                """
                (func $frames (local $i i32)
                  (loop $more
                    (i32.store (i32.add (i32.const 8200) (i32.mul (local.get $i) (i32.const 80)))
                      (i32.add (i32.const 0x100) (local.get $i)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $more (i32.lt_u (local.get $i) (i32.const 64)))))
                (global $bus (mut i32) (i32.const 0))
                """,
                "(global.set $bus (call $can_open (i32.const 32) (i32.const 4) (i32.const 2))) (call $frames)"
                        + "(drop (call $can)) (drop (call $can)) (drop (call $fill))"
                        + say('s', "(call $can_send (global.get $bus) (i32.const 8192) (i32.const 64))")
                        + say('g', "(memory.grow (i32.const 1))"),
                "(drop (call $can_send (global.get $bus) (i32.const 8192) (i32.const 64)))");
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(manifest("1.0.0", 1), TestVehicle.wat(module));
            vehicle.world.run(50);
            assertEquals(List.of("s 64", "g-01"), said(vehicle));
            bothGoOn(vehicle);
        }
    }

    @Test
    void aShadowThatPilesUpWritesIsRefusedAndTakesOverAllTheSame() {
        String first = app("1", "", say('v', "(i32.const 1)"), "");
        // 60,000 bytes of storage would be within its quota; the memory has no room for them beside what it holds
        String second = app(
                "4",
                """
                (func (export "save_state") (param i32 i32) (result i32) (i32.const 0))
                (func (export "restore_state") (param i32 i32) (result i32) (i32.const 0))
                """,
                "(drop (call $can)) (drop (call $can))"
                        + say('p', "(call $put (i32.const 16) (i32.const 1) (i32.const 8192) (i32.const 60000))")
                        + "(drop (call $fill))"
                        + say('p', "(call $put (i32.const 17) (i32.const 1) (i32.const 8192) (i32.const 1000))")
                        + say('d', "(call $delete (i32.const 16) (i32.const 1))")
                        + say('p', "(call $put (i32.const 17) (i32.const 1) (i32.const 8192) (i32.const 1000))"),
                "");
        String handover = "swap = \"handover\"\nshadow = \"200ms\"\n";
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(
                    manifest("1.0.0", 1, handover),
                    TestVehicle.wat(first.replace(
                            "(func (export \"alloc\")",
                            "(func (export \"save_state\") (param i32 i32) (result i32) (i32.const 0))"
                                    + "(func (export \"restore_state\") (param i32 i32) (result i32) (i32.const 0))"
                                    + "(func (export \"alloc\")")));
            vehicle.world.run(3_000);
            vehicle.install(manifest("1.1.0", 2, handover), TestVehicle.wat(second));
            vehicle.world.run(3_000);
            assertEquals(
                    List.of("v 01", "(shadow) p 00", "(shadow) p-15", "(shadow) d 00", "(shadow) p 00"), said(vehicle));
            assertEquals(
                    "1.1.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version());
            bothGoOn(vehicle);
            assertTrue(refusedMemory(vehicle));
        }
    }

    @Test
    void whoRecursesWithoutEndWhileItHoldsAllItMayTrapsAndTheOthersLive() {
        String module = app(
                "4",
                "(func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))",
                "(drop (call $can)) (drop (call $can)) (drop (call $fill))",
                "(drop (call $deep (i32.const 1)))");
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            neighbour(vehicle);
            vehicle.install(manifest("1.0.0", 1), TestVehicle.wat(module));
            vehicle.world.run(3_000);
            assertTrue(
                    vehicle.log(APP).stream().anyMatch(line -> line.contains("call stack exhausted")),
                    vehicle.log(APP).toString());
            vehicle.publish("Vehicle.Speed", 40);
            vehicle.world.run(20);
            assertEquals("10", vehicle.recorder.values.get(AgentStoryTest.FAN));
            assertEquals(List.of(), vehicle.faults);
        }
    }
}
