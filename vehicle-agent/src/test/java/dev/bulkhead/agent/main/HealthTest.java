package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that is unwell is healed or walled off by its own rules, and what it said last is there for whoever comes to look. */
class HealthTest {
    private static final String APP = "com.acme.patient";

    @TempDir
    Path dir;

    /** At each tenth of a second: says its name and works for so many turns of a loop. */
    private static byte[] worker(String name, int turns) {
        return TestVehicle.wat("""
            (module
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "%s")
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32) (local $i i32)
                (drop (call $log (i32.const 2) (i32.const 16) (i32.const %d)))
                (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $l (i32.lt_u (local.get $i) (i32.const %d))))
                (i32.const 0)))
            """.formatted(name, name.length(), turns));
    }

    /** Traps at its first event, after a word of parting. */
    private static byte[] trapper() {
        return TestVehicle.wat("""
            (module
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "it is the valve")
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32)
                (drop (call $log (i32.const 2) (i32.const 16) (i32.const 15))) unreachable))
            """);
    }

    private static String manifest(int release, String onExceed, String health) {
        return AgentStoryTest.manifest(APP, release + ".0.0", release, "swap = \"handover\"\n[health]\n" + health)
                .replace("[restart]", "on-exceed = \"" + onExceed + "\"\n[restart]");
    }

    private static void order(TestVehicle vehicle, SupervisorEvent.Verb verb) {
        vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(verb, "test"));
        vehicle.world.run(500);
    }

    private static String reason(TestVehicle vehicle) {
        return assertInstanceOf(
                        Phase.Quarantined.class,
                        vehicle.app(APP).slot().phase(),
                        () -> vehicle.log(APP).toString())
                .reason();
    }

    /** 6 ms of work each 100 ms, where 5 are given. */
    private static final int TOO_MUCH = 100_000;

    @Test
    void anAppThatUsesUpItsQuotaTooPersistentlyIsWalledOffAsItsManifestSays() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", "throttled = \"5/10\""), worker("busy", TOO_MUCH));
            vehicle.world.run(20_000);
            assertTrue(reason(vehicle).contains("it used up its CPU quota in 5 of 10 periods"), reason(vehicle));
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasBudgetExceeded()
                            && entry.getBudgetExceeded().getResource().equals("throttled periods")
                            && entry.getBudgetExceeded().getAction().equals("killed")));
        }
    }

    @Test
    void oneThatIsToDegradeAndDoesNotFailsAfterAHundredPeriodsAndOneThatIsThrottledNever() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "degrade", ""), worker("busy", TOO_MUCH * 2));
            vehicle.world.run(5_000);
            assertEquals("THROTTLED", vehicle.phase(APP));
            vehicle.world.run(60_000);
            assertTrue(reason(vehicle).contains("in 100 of 100 periods"), reason(vehicle));
            vehicle.install(manifest(2, "throttle", ""), worker("busy", TOO_MUCH * 2));
            vehicle.world.run(60_000);
            assertEquals("THROTTLED", vehicle.phase(APP));
        }
    }

    @Test
    void aNewVersionThatIsTooBusyOnProbationGivesWayToTheOld() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", ""), worker("calm", 1));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "throttle", "throttled = \"15/20\""), worker("busy", TOO_MUCH));
            vehicle.world.run(5_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("RUNNING", vehicle.phase(APP));
        }
    }

    @Test
    void aCallbackThatIsNotBackAtItsDeadlineIsAFailureAlsoWhenItOnlyWaitsForItsBudget() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(
                    manifest(1, "throttle", "deadline = \"2s\"").replace("5ms/100ms", "1ms/1s"),
                    worker("waits", TOO_MUCH * 2));
            vehicle.world.run(30_000);
            assertTrue(reason(vehicle).contains("it did not come back from a callback within 2s"), reason(vehicle));
        }
    }

    /** Says its reason as often as it is told to at the event so many tenths of a second after its start, then goes on as if nothing were. */
    private static byte[] patient(int at, String reason, int times) {
        return TestVehicle.wat("""
            (module
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (import "app" "unhealthy" (func $unhealthy (param i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "%s")
              (data (i32.const 8192) "went on")
              (global $n (mut i32) (i32.const 0))
              (func (export "alloc") (param i32) (result i32) (i32.const 16384))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32) (local $i i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                (if (i32.eq (global.get $n) (i32.const %d)) (then
                  (loop $l
                    (drop (call $unhealthy (i32.const 16) (i32.const %d)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $l (i32.lt_u (local.get $i) (i32.const %d))))
                  (drop (call $log (i32.const 2) (i32.const 8192) (i32.const 7)))))
                (i32.const 0)))
            """.formatted(reason, at, reason.length(), times));
    }

    private static String cause(TestVehicle vehicle) {
        return vehicle.agent.orchestrator().transitions(APP).stream()
                .filter(note -> note.to().equals("BACKOFF"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(vehicle.log(APP).toString()))
                .cause();
    }

    @Test
    void anAppThatSaysItIsUnwellIsHealedByItsRulesAndItsReasonIsKnownEverywhere() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", ""), patient(5, "no rear radar", 1));
            vehicle.world.run(700);
            String told = "it reports itself unhealthy: no rear radar";
            assertEquals(told, cause(vehicle));
            assertTrue(vehicle.log(APP).contains("went on"), "the callback came to its end");
            assertTrue(vehicle.log(APP).contains(told), vehicle.log(APP)::toString);
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasStopped()
                            && entry.getStopped().getState().equals("BACKOFF")
                            && entry.getStopped().getWhy().equals(told)));
            vehicle.world.run(30_000);
            assertEquals("3 failures within its restart window, the last: " + told, reason(vehicle));
        }
    }

    @Test
    void sayingItForEverIsSayingItOnceAndAReasonHasABound() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "kill", ""), patient(1, "x".repeat(5_000), 200));
            vehicle.world.run(150);
            assertEquals("it reports itself unhealthy: " + "x".repeat(256), cause(vehicle));
            assertEquals(
                    1,
                    vehicle.log(APP).stream()
                            .filter(line -> line.startsWith("it reports"))
                            .count());
        }
    }

    @Test
    void aNewVersionThatSaysSoInItsShadowRunDoesNotComeIn() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", ""), worker("calm", 1));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "throttle", ""), patient(3, "cannot see", 1));
            vehicle.world.run(3_000);
            UpdateOutcome.RolledBack back = assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("it reports itself unhealthy: cannot see", back.cause());
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals(
                    "1.0.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version());
            assertEquals(0, vehicle.app(APP).restarts(), "the old version never stopped");
        }
    }

    @Test
    void oneThatSaysSoOnProbationGivesWayToTheOld() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", ""), worker("calm", 1));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2, "throttle", ""), patient(20, "cannot see", 1));
            vehicle.world.run(1_700);
            assertEquals(
                    "2.0.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version());
            vehicle.world.run(2_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("RUNNING", vehicle.phase(APP));
        }
    }

    @Test
    void oneThatIsThrottledForEverOnTheDefaultPolicyGoesOnAndIsToldOnce() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.install(manifest(1, "throttle", ""), worker("busy", TOO_MUCH * 2));
            vehicle.world.run(60_000);
            assertEquals("THROTTLED", vehicle.phase(APP));
            String told = "it used up its CPU quota in 100 of 100 periods and goes on";
            assertEquals(
                    1,
                    vehicle.log(APP).stream()
                            .filter(line -> line.startsWith(told))
                            .count());
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry -> entry.hasBudgetExceeded()
                            && entry.getBudgetExceeded().getResource().equals("throttled periods")
                            && entry.getBudgetExceeded().getAction().equals("throttled")));
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private List<String> onDisk(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void nothingIsEverWalledOffWithoutItsLastWords() throws Exception {
        String walledOff = "SELECT quarantine FROM slot WHERE quarantine IS NOT NULL";
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            sql("CREATE TRIGGER mute BEFORE INSERT ON last_words BEGIN SELECT RAISE(ABORT, 'no room for words'); END");
            vehicle.install(manifest(1, "throttle", ""), trapper());
            vehicle.world.run(30_000);
            assertEquals(List.of(), onDisk(walledOff), "the words fail, so the step was not taken");
            assertTrue(vehicle.faults.toString().contains("no room for words"), vehicle.faults::toString);
            assertEquals(
                    0,
                    vehicle.agent.orchestrator().transitions(APP).stream()
                            .filter(note -> note.to().equals("QUARANTINED"))
                            .count());
            sql("DROP TRIGGER mute");
            vehicle.world.run(10_000);
            assertEquals(List.of(reason(vehicle)), onDisk(walledOff), "taken again, and now whole");
            assertTrue(onDisk("SELECT text FROM last_words").contains("it is the valve"));
        }
    }

    @Test
    void reasonAndLastWordsOutliveTheAgentUntilAnOperatorOrANewVersionReleasesTheApp() {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        String reason;
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.install(manifest(1, "throttle", ""), trapper());
            vehicle.world.run(20_000);
            reason = reason(vehicle);
            assertTrue(reason.startsWith("3 failures within its restart window, the last: trap"), reason);
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals(reason, reason(vehicle));
            assertEquals(reason, vehicle.app(APP).cause());
            List<String> words = vehicle.app(APP).lastWords().stream()
                    .map(LogBook.Line::text)
                    .toList();
            assertEquals(3, words.stream().filter("it is the valve"::equals).count(), words::toString);
            assertTrue(words.size() <= 20, words::toString);
            assertTrue(vehicle.log(APP).containsAll(words), "bulkhead logs shows them too");
            order(vehicle, SupervisorEvent.Verb.START);
            assertEquals(List.of(), vehicle.app(APP).lastWords());
            vehicle.world.run(20_000);
            assertEquals("QUARANTINED", vehicle.phase(APP), "released by the operator, and ill again");
            vehicle.install(manifest(2, "throttle", ""), worker("calm", 1));
            vehicle.world.run(3_000);
            assertEquals("RUNNING", vehicle.phase(APP));
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals(List.of(), vehicle.app(APP).lastWords());
            order(vehicle, SupervisorEvent.Verb.QUARANTINE);
            assertEquals("by an operator", reason(vehicle));
        }
    }
}
