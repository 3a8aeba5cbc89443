package dev.bulkhead.agent.main;

import static dev.bulkhead.agent.main.HostileModule.body;
import static dev.bulkhead.agent.main.HostileModule.onEvent;
import static dev.bulkhead.agent.main.HostileModule.onStart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.abi.Status;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One hostile app after the other in a vehicle with one that is not: endless loops, recursion, bombs, floods, leaks, bad pointers, traps in every
 * callback. Each ends in the state it must and leaves the record it must; meanwhile the other follows every change of its signal, and the agent reports no
 * fault of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileAppsTest {
    private static final String WALLED_OFF = "QUARANTINED";
    private static final String GOES_ON = "RUNNING";
    private static final String HELD_BACK = "THROTTLED";
    private static final int INVAL = Status.INVAL.code();
    private static final int NOSPC = Status.NOSPC.code();
    private static final int FAULT = Status.FAULT.code();
    private static final int BADH = Status.BADH.code();
    private static final int BUSY = Status.BUSY.code();
    private static final String OVERRUN = "resource: \"callback\"";

    /** A guest that nothing stops must not stop the build; what is slow on a busy machine takes seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of 10 ms each; an app that overruns is throttled for 400 ms before it is killed, and is started three times. */
    private static final int TURNS = 400;

    private static final int QUIET_TURNS = 60;

    @TempDir
    static Path dir;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Attack(String app, byte[] module, String phase, String audit) {}

    private final Map<String, Attack> attacks = new LinkedHashMap<>();
    private TestVehicle vehicle;

    @BeforeAll
    void theNeighbourMovesIn() {
        vehicle = new TestVehicle(dir);
        vehicle.install(
                AgentStoryTest.manifest("com.acme.fan", "1.0.0", 1, AgentStoryTest.FAN_GRANTS),
                TestVehicle.wat(
                        AgentStoryTest.FAN_FOLLOWS_SPEED.replace("60000", "3600000"))); // a lease for all of this
        vehicle.world.run(100);
    }

    @AfterAll
    void close() {
        vehicle.close();
    }

    @TestFactory
    List<DynamicTest> endsAsItMust() {
        loops();
        recursion();
        bombs();
        floods();
        traps();
        lies();
        assertTrue(attacks.size() >= 40, "corpus of " + attacks.size());
        return attacks.entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(
                        attack.getKey(), () -> assertTimeoutPreemptively(PATIENCE, () -> carryOut(attack.getValue()))))
                .toList();
    }

    private void carryOut(Attack attack) {
        run(attack);
        judge(attack);
        vehicle.agent.orchestrator().apply(attack.app(), new SupervisorEvent.Remove("over"));
        vehicle.world.run(500);
    }

    private void run(Attack attack) {
        vehicle.install(manifest(attack.app()), attack.module());
        for (int turn = 0; turn < (attack.phase().equals(GOES_ON) ? QUIET_TURNS : TURNS) && !over(attack); turn++) {
            int fourth = turn % 25;
            vehicle.publish("Vehicle.Speed", 4 * fourth);
            vehicle.world.run(10);
            assertEquals(
                    Integer.toString(fourth), vehicle.recorder.values.get(AgentStoryTest.FAN), "neighbour at " + turn);
        }
        vehicle.world.run(1_100); // counters are written down once a second
    }

    private boolean over(Attack attack) {
        return vehicle.phase(attack.app()).equals(WALLED_OFF);
    }

    private void judge(Attack attack) {
        String log = String.join("\n", vehicle.log(attack.app()));
        String phase = vehicle.phase(attack.app());
        assertEquals(attack.phase(), phase.equals(HELD_BACK) ? GOES_ON : phase, log);
        String records = records(attack.app());
        assertTrue(records.contains(attack.audit()), "no " + attack.audit() + " in " + records + "\n" + log);
        if (attack.phase().equals(GOES_ON)) {
            assertEquals(0, vehicle.app(attack.app()).restarts(), log);
            assertTrue(vehicle.app(attack.app()).compartment().orElseThrow().events() > 0, "it hears nothing");
        }
        assertEquals(GOES_ON, vehicle.phase("com.acme.fan"));
        assertEquals(List.of(), vehicle.faults);
    }

    private String records(String app) {
        StringBuilder text = new StringBuilder();
        vehicle.audit().stream().filter(entry -> entry.getAppId().equals(app)).forEach(text::append);
        return text.toString();
    }

    /** Asks for all that {@link HostileModule} imports. */
    static String manifest(String app) {
        return AgentStoryTest.manifest(
                app,
                "1.0.0",
                1,
                AgentStoryTest.grants(
                        "signal ** read",
                        "signal Vehicle.Cabin.** actuate range=0..50 priority=1 failsafe=0",
                        "signal Vehicle.Chassis.Brake.PedalPosition actuate",
                        "can can0 tx 100-10F",
                        "storage 64KiB",
                        "message topic publish",
                        "message # subscribe"));
    }

    private void attack(String name, HostileModule module, String phase, String audit) {
        String app = "com.acme.h" + attacks.size();
        attacks.put(name, new Attack(app, module.bytes(), phase, audit));
    }

    private void killed(String name, String body) {
        attack(name, onEvent(body), WALLED_OFF, OVERRUN);
    }

    private void loops() {
        killed("loops for ever", "(loop $l (br $l))");
        killed("loops two deep", "(loop $a (loop $b (br $b)) (br $a))");
        killed("loops by br_table", "(loop $l (br_table $l $l (local.get $i)))");
        killed("loops by br_if", "(loop $l (br_if $l (i32.const 1)))");
        killed("loops through an if", "(loop $l (if (i32.const 1) (then (br $l))))");
        killed("loops with values beneath", "(drop (i32.add (i32.const 1) (loop $l (result i32) (br $l))))");
        killed("loops over memory", "(loop $l (i32.store (i32.const 0) (local.get $i)) (br $l))");
        killed("loops and calls", "(loop $l (call $leaf) (br $l))");
        killed("loops and calls indirectly", "(loop $l (call_indirect (type $void) (i32.const 0)) (br $l))");
        killed("loops and calls the host", "(loop $l (drop (call $random (i32.const 0) (i32.const 1))) (br $l))");
        killed(
                "copies memory for ever",
                "(loop $l (memory.copy (i32.const 0) (i32.const 1) (i32.const 60000)) (br $l))");
        killed("grows memory by nothing for ever", "(loop $l (drop (memory.grow (i32.const 0))) (br $l))");
        attack("never comes back from on_start", onStart("(loop $l (br $l))"), WALLED_OFF, OVERRUN);
        attack(
                "never comes back from alloc",
                onEvent("").alloc("(loop $l (br $l)) (i32.const 0)"),
                WALLED_OFF,
                OVERRUN);
        attack("never comes back from _initialize", onEvent("").initialize("(loop $l (br $l))"), WALLED_OFF, OVERRUN);
        attack(
                "never comes back from its start function",
                onEvent("").with("(func $spin (loop $l (br $l))) (start $spin)"),
                WALLED_OFF,
                OVERRUN);
    }

    private void recursion() {
        String deep = "call stack exhausted";
        attack("recurses for ever", onEvent("(call $self)"), WALLED_OFF, deep);
        attack("recurses mutually", onEvent("(call $ping)"), WALLED_OFF, deep);
        attack("recurses through a table", onEvent("(call $tree)"), WALLED_OFF, deep);
        attack(
                "calls its own callback from within",
                onEvent("(drop (call $event (local.get $at) (local.get $count)))"),
                WALLED_OFF,
                deep);
        attack(
                "starts itself from its callback, for ever",
                onEvent("(loop $l (drop (call $start)) (br $l))"),
                WALLED_OFF,
                OVERRUN);
    }

    private void bombs() {
        attack(
                "grows memory until told no",
                onEvent("(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))"),
                GOES_ON,
                "resource: \"memory\"");
        attack(
                "grows a table until told no",
                onEvent(
                        "(loop $l (br_if $l (i32.ne (table.grow $t (ref.null func) (i32.const 50000)) (i32.const -1))))"),
                GOES_ON,
                "resource: \"memory\"");
        attack(
                "wants 4 GiB at once",
                onEvent("").memory("(memory (export \"memory\") 65536)"),
                WALLED_OFF,
                "MEMORY_OVER_BUDGET");
        attack(
                "wants a table of 9 million",
                onEvent("").with("(table 9000000 funcref)"),
                WALLED_OFF,
                "refused at admission");
        attack(
                "has 50,000 locals",
                onEvent("").function(body(new int[] {1, 0xD0, 0x86, 0x03, 0x7E}, 0)),
                WALLED_OFF,
                "50000 locals");
        attack(
                "nests 5,000 blocks",
                onEvent("").function(nested(5_000)),
                WALLED_OFF,
                "blocks nested in one another, at most");
        attack("has a huge br_table", onEvent("").function(hugeTable(10_000)), GOES_ON, "started");
        attack("has a br_table larger than a method", onEvent("").function(hugeTable(50_000)), GOES_ON, "started");
        attack(
                "has 150,000 instructions in a line",
                onEvent("").function(body(new int[] {0}, 75_000, 0x41, 0, 0x1A)),
                GOES_ON,
                "started");
        attack(
                "has a function of a megabyte",
                onEvent("").function(body(new int[] {0}, 600_000, 0x41, 0, 0x1A)),
                WALLED_OFF,
                "function body of");
        attack(
                "has 1,000 functions",
                onEvent("").with("(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))".repeat(1_000)),
                GOES_ON,
                "started");
        attack(
                "imports what is not there",
                onEvent("").importing("(import \"hal\" \"self_destruct\" (func))"),
                WALLED_OFF,
                "self_destruct");
        attack(
                "imports memory of somebody else",
                onEvent("")
                        .importing("(import \"other\" \"memory\" (memory 1))")
                        .memory(""),
                WALLED_OFF,
                "other.memory");
        attack(
                "writes data past its memory",
                onEvent("").with("(data (i32.const 65530) \"0123456789\")"),
                WALLED_OFF,
                "out of bounds memory access");
    }

    private void floods() {
        attack(
                "floods the log",
                onEvent(repeat(20, "(drop (call $log (i32.const 0) (i32.const 0) (i32.const 1000)))")),
                GOES_ON,
                "resource: \"log\"");
        attack(
                "leaks handles",
                onEvent(repeat(20, "(drop (call $open (i32.const 16) (i32.const 13) (i32.const 1)))")),
                GOES_ON,
                "resource: \"handles\"");
        attack(
                "fills its storage",
                onEvent(
                        repeat(
                                2,
                                "(i32.store8 (i32.const 1000) (global.get $n)) (global.set $n (i32.add (global.get $n) (i32.const 1))) (drop (call $put (i32.const 1000) (i32.const 1) (i32.const 0) (i32.const 20000)))")),
                GOES_ON,
                "resource: \"storage\"");
        attack(
                "floods messages",
                onEvent("(drop (call $hear (i32.const 48) (i32.const 5)))"
                        + repeat(
                                20,
                                "(drop (call $publish (i32.const 48) (i32.const 5) (i32.const 0) (i32.const 4096)))")),
                GOES_ON,
                "denied");
        attack(
                "sets every timer to a millisecond",
                onStart(repeat(64, answers(0, "(call $timer (local.get $i) (i32.const 1) (i32.const 7))"))
                        + answers(INVAL, "(call $timer (i32.const 64) (i32.const 1) (i32.const 7))")
                        + answers(INVAL, "(call $timer (i32.const -1) (i32.const 1) (i32.const 7))")),
                GOES_ON,
                "started");
        attack(
                "subscribes deeper than its queue",
                onStart("(global.set $h (call $open (i32.const 16) (i32.const 13) (i32.const 1)))"
                        + answers(INVAL, subscribing(1_000_000))
                        + answers(NOSPC, subscribing(4_096))),
                GOES_ON,
                "resource: \"queue\"");
        attack(
                "sends frames it was not granted",
                onEvent(
                        "(if (i32.eqz (global.get $h)) (then (global.set $h (call $can (i32.const 32) (i32.const 4) (i32.const 2)))))"
                                + "(i32.store (i32.const 2056) (i32.const 0x7FF)) (i32.store8 (i32.const 2060) (i32.const 8)) (drop (call $send (global.get $h) (i32.const 2048) (i32.const 1)))"),
                GOES_ON,
                "can can0 tx");
    }

    private void traps() {
        attack("traps in on_event", onEvent("unreachable"), WALLED_OFF, "unreachable");
        attack("traps in on_start", onStart("unreachable"), WALLED_OFF, "unreachable");
        attack("traps in alloc", onEvent("").alloc("unreachable"), WALLED_OFF, "unreachable");
        attack("traps in _initialize", onEvent("").initialize("unreachable"), WALLED_OFF, "unreachable");
        attack(
                "divides by zero",
                onEvent("(drop (i32.div_u (i32.const 1) (local.get $i)))"),
                WALLED_OFF,
                "integer divide by zero");
        attack(
                "loads past its memory",
                onEvent("(drop (i64.load offset=65530 (local.get $i)))"),
                WALLED_OFF,
                "out of bounds memory access");
        attack(
                "calls a null",
                onEvent("(call_indirect (type $void) (i32.const 9))"),
                WALLED_OFF,
                "uninitialized element");
        attack(
                "calls with another type",
                onEvent("(drop (call_indirect (type $i) (i32.const 0)))"),
                WALLED_OFF,
                "indirect call type mismatch");
        attack("throws an exception through the host", onEvent(HostileModule.THROW), WALLED_OFF, "uncaught exception");
        attack("exits with a failure", onEvent("(call $exit (i32.const 3))"), WALLED_OFF, "3");
    }

    private void lies() {
        attack(
                "gives an event buffer outside its memory",
                onEvent("").alloc("(i32.const -16)"),
                WALLED_OFF,
                "alloc gave no room");
        attack(
                "answers every event with an error",
                onEvent("").answering("(i32.const -1)"),
                WALLED_OFF,
                "10 times in a row");
        attack(
                "hands bad pointers to the host",
                onEvent(answers(FAULT, "(call $open (i32.const -1) (i32.const 13) (i32.const 3))")
                        + answers(INVAL, "(call $open (i32.const 16) (i32.const -1) (i32.const 3))")
                        + answers(FAULT, "(call $log (i32.const 2) (i32.const 65535) (i32.const 2))")
                        + answers(FAULT, "(call $put (i32.const -8) (i32.const 16) (i32.const 0) (i32.const 1))")
                        + answers(FAULT, "(call $put (i32.const 16) (i32.const 4) (i32.const 65535) (i32.const 2))")
                        + answers(FAULT, "(call $batch (i32.const -4) (i32.const 256) (i32.const -1))")
                        + answers(FAULT, "(call $sets (i32.const 65528) (i32.const 1))")
                        + answers(INVAL, "(call $sets (i32.const 0) (i32.const 0x7fffffff))")
                        + answers(FAULT, "(call $recv (i32.const 65535) (i32.const 2))")
                        + answers(FAULT, "(call $list (i32.const 0) (i32.const 0) (i32.const 65535) (i32.const 100))")
                        + answers(FAULT, "(call $read (i32.const 0x7fffffff) (i32.const -16))")
                        + answers(BADH, "(call $read (i32.const 0x7fffffff) (i32.const 0))")),
                GOES_ON,
                "started");
        attack(
                "wants the brakes",
                onStart("(drop (call $open (i32.const 128) (i32.const 35) (i32.const 2)))"),
                GOES_ON,
                "hands off the brakes");
        attack(
                "sets what it does not own",
                onEvent("(global.set $h (call $open (i32.const 64) (i32.const 47) (i32.const 3)))"
                        + answers(BUSY, "(call $set (global.get $h) (f64.const nan))")
                        + answers(BUSY, "(call $set (global.get $h) (f64.const 1))")
                        + answers(BUSY, "(call $acquire (global.get $h) (i32.const 1) (i32.const 1000))")
                        + "(drop (call $close (global.get $h)))"),
                GOES_ON,
                "why: \"BUSY\"");
    }

    /** Makes a call, and exits with what it was answered unless that is so. */
    private static String answers(int status, String call) {
        return "(global.set $n " + call + ") (if (i32.ne (global.get $n) (i32.const " + status
                + ")) (then (call $exit (global.get $n))))";
    }

    private static String subscribing(int depth) {
        return "(call $sub (global.get $h) (i32.const 1) (i32.const 0) (f64.const 0) (i32.const " + depth + "))";
    }

    private static byte[] nested(int depth) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0);
        for (int i = 0; i < depth; i++) {
            body.writeBytes(new byte[] {0x02, 0x40});
        }
        for (int i = 0; i <= depth; i++) {
            body.write(0x0B);
        }
        return body.toByteArray();
    }

    private static byte[] hugeTable(int labels) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 0x02, 0x40, 0x41, 7, 0x0E});
        HostileModule.leb(body, labels);
        for (int i = 0; i <= labels; i++) {
            body.write(0);
        }
        body.writeBytes(new byte[] {0x0B, 0x0B});
        return body.toByteArray();
    }

    private static String repeat(int times, String body) {
        return "(local.set $i (i32.const 0)) (loop $r " + body
                + " (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $r (i32.lt_u (local.get $i) (i32.const "
                + times + "))))";
    }
}
