package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real apps are swapped as one: all come in with their state and data, or all stay what they were and lose nothing. */
class EnsembleStoryTest {
    private static final List<String> APPS = List.of("com.acme.base", "com.acme.side", "com.acme.top");
    private static final String OK = "(i32.const 0)";

    @TempDir
    Path dir;

    /** Top needs base of its own major version, so neither can be replaced alone. */
    private static String manifest(String app, int release, String update) {
        String needs = app.equals("com.acme.top")
                ? "[[dependency]]\napp = \"com.acme.base\"\nversion = \">=" + release + " <" + (release + 1) + "\"\n"
                : "";
        return AgentStoryTest.manifest(
                app,
                release + ".0.0",
                release,
                "swap = \"handover\"\n" + update + needs + AgentStoryTest.grants("storage 64KiB"));
    }

    /** Counts a timer, keeps the count under {@code n} and its release under {@code v}; the count is its state. */
    private static byte[] counter(int release, String onRestore, String onEvent) {
        return TestVehicle.wat("""
            (module
              (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "nv")
              (global $n (mut i32) (i32.const 0))
              (global $since (mut i32) (i32.const 0))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                (global.set $since (i32.add (global.get $since) (i32.const 1)))
                (i32.store (i32.const 64) (global.get $n))
                (i32.store (i32.const 68) (i32.const %d))
                (drop (call $put (i32.const 16) (i32.const 1) (i32.const 64) (i32.const 4)))
                (drop (call $put (i32.const 17) (i32.const 1) (i32.const 68) (i32.const 4)))
                %s)
              (func (export "save_state") (param $p i32) (param $cap i32) (result i32)
                (i32.store (local.get $p) (global.get $n)) (i32.const 4))
              (func (export "restore_state") (param $p i32) (param $len i32) (result i32)
                (global.set $n (i32.load (local.get $p))) %s))
            """.formatted(release, onEvent, onRestore));
    }

    private static int read(TestVehicle vehicle, String app, String key) {
        return vehicle.agent
                .keyValues()
                .get(app, key.getBytes(StandardCharsets.UTF_8))
                .map(value ->
                        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt())
                .orElse(-1);
    }

    private static String version(TestVehicle vehicle, String app) {
        return vehicle.app(app).slot().active().orElseThrow().release().version();
    }

    private static void allRun(TestVehicle vehicle, String version) {
        for (String app : APPS) {
            assertEquals("RUNNING", vehicle.phase(app), () -> vehicle.log(app).toString());
            assertEquals(version, version(vehicle, app), () -> vehicle.log(app).toString());
        }
    }

    private static Path[] packages(
            TestVehicle vehicle, int release, String update, String sideRestore, String sideEvent) {
        return APPS.stream()
                .map(app -> vehicle.pack(
                        manifest(app, release, update),
                        app.equals("com.acme.side")
                                ? counter(release, sideRestore, sideEvent)
                                : counter(release, OK, OK)))
                .toArray(Path[]::new);
    }

    private static void firstRelease(TestVehicle vehicle) {
        assertInstanceOf(EnsembleReceipt.Accepted.class, vehicle.together("first", packages(vehicle, 1, "", OK, OK)));
        vehicle.world.run(4_000);
        allRun(vehicle, "1.0.0");
        APPS.forEach(app ->
                assertInstanceOf(UpdateOutcome.Proven.class, last(vehicle, app).outcome()));
    }

    private static UpdateReport last(TestVehicle vehicle, String app) {
        return vehicle.reports.stream()
                .filter(report -> report.release().appId().equals(app))
                .toList()
                .getLast();
    }

    /** All are back, each has counted every tick of its timer, and everybody is told whose fault it is. */
    private static void allAreBack(TestVehicle vehicle, String cause) {
        allRun(vehicle, "1.0.0");
        int ticks = read(vehicle, "com.acme.base", "n");
        for (String app : APPS) {
            UpdateOutcome.RolledBack back = assertInstanceOf(
                    UpdateOutcome.RolledBack.class, last(vehicle, app).outcome());
            assertTrue(back.cause().contains(cause), back.cause());
            assertTrue(
                    app.equals("com.acme.side") || back.cause().contains("com.acme.side did not make it"),
                    back.cause());
            assertEquals(1, read(vehicle, app, "v"), app);
            assertTrue(Math.abs(read(vehicle, app, "n") - ticks) <= 1, app + " lost ticks");
            assertTrue(
                    vehicle.audit().stream()
                            .anyMatch(entry -> entry.getAppId().equals(app)
                                    && entry.hasSwapped()
                                    && !entry.getSwapped().getSuccess()
                                    && entry.getSwapped().getWhy().contains(cause)),
                    app + " in the audit log");
        }
        assertEquals(List.of(), vehicle.faults);
    }

    @Test
    void allComeInWithTheirStateAndTheirData() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            EnsembleReceipt receipt = vehicle.together("second", packages(vehicle, 2, "", OK, OK));
            assertInstanceOf(EnsembleReceipt.Accepted.class, receipt, receipt.toString());
            vehicle.world.run(500);
            allRun(vehicle, "1.0.0");
            vehicle.world.run(5_000);
            allRun(vehicle, "2.0.0");
            int ticks = read(vehicle, "com.acme.base", "n");
            assertTrue(ticks > 85, () -> "the count went on: " + ticks);
            for (String app : APPS) {
                assertInstanceOf(UpdateOutcome.Proven.class, last(vehicle, app).outcome());
                assertEquals(2, read(vehicle, app, "v"));
                assertTrue(Math.abs(read(vehicle, app, "n") - ticks) <= 1, app);
                assertEquals(0, vehicle.app(app).restarts(), app);
            }
            assertInstanceOf(
                    EnsembleReceipt.Unchanged.class,
                    vehicle.together("second", packages(vehicle, 2, "", OK, OK)),
                    "the same order once more");
        }
    }

    private static List<String> howFar(TestVehicle vehicle) {
        return vehicle.app("com.acme.side").ensemble().stream()
                .map(member ->
                        member.appId() + " " + member.part().orElseThrow().state())
                .toList();
    }

    @Test
    void anybodyWhoLooksSeesWithWhomAnAppChangesAndHowFarTheyAre() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            assertEquals(List.of(), howFar(vehicle));
            vehicle.together("second", packages(vehicle, 2, "", OK, OK));
            vehicle.world.run(500);
            assertEquals(
                    List.of("com.acme.base PREPARING", "com.acme.side PREPARING", "com.acme.top PREPARING"),
                    howFar(vehicle));
            vehicle.world.run(1_000);
            assertEquals(List.of("com.acme.base OVER", "com.acme.side OVER", "com.acme.top OVER"), howFar(vehicle));
            vehicle.world.run(4_000);
            assertEquals(List.of(), howFar(vehicle));
        }
    }

    private static List<String> metrics(TestVehicle vehicle) {
        return new String(MetricsPage.page(new AgentMetrics(vehicle.agent)), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("bulkhead_ensemble_"))
                .sorted()
                .toList();
    }

    private static String stage(String app, String stage) {
        return "bulkhead_ensemble_stage{app=\"" + app + "\",ensemble=\"second\",stage=\"" + stage + "\"} 1.0";
    }

    @Test
    void theMetricsNameThemWhileTheyChangeAndForgetThemAfterwards() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            assertEquals(List.of(), metrics(vehicle));
            vehicle.together("second", packages(vehicle, 2, "", OK, OK));
            vehicle.world.run(500);
            assertEquals(
                    List.of(
                            "# HELP bulkhead_ensemble_members Apps that change as one.",
                            "# HELP bulkhead_ensemble_stage 1 for how far a member of apps that change as one is.",
                            "# TYPE bulkhead_ensemble_members gauge",
                            "# TYPE bulkhead_ensemble_stage gauge",
                            "bulkhead_ensemble_members{ensemble=\"second\"} 3.0",
                            stage("com.acme.base", "preparing"),
                            stage("com.acme.side", "preparing"),
                            stage("com.acme.top", "preparing")),
                    metrics(vehicle));
            vehicle.world.run(1_000);
            assertTrue(
                    metrics(vehicle).contains(stage("com.acme.top", "over")),
                    () -> metrics(vehicle).toString());
            vehicle.world.run(4_000);
            assertEquals(List.of(), metrics(vehicle));
        }
    }

    @Test
    void aNameAsLongAsAnybodyLikesMakesNoLabelOfThatLength() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            vehicle.together("x\"\n" + "y".repeat(5_000), packages(vehicle, 1, "", OK, OK));
            vehicle.world.run(500);
            String label = "ensemble=\"x\\\"\\n" + "y".repeat(125) + "\"";
            assertTrue(
                    metrics(vehicle).contains("bulkhead_ensemble_members{" + label + "} 3.0"),
                    () -> metrics(vehicle).toString());
        }
    }

    @Test
    void oneThatTrapsInRestoreStateKeepsAllOut() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            vehicle.together("second", packages(vehicle, 2, "", "unreachable", OK));
            vehicle.world.run(5_000);
            allAreBack(vehicle, "unreachable");
        }
    }

    @Test
    void soDoesOneThatTrapsInTheShadow() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            vehicle.together("second", packages(vehicle, 2, "", OK, "unreachable"));
            vehicle.world.run(5_000);
            allAreBack(vehicle, "unreachable");
        }
    }

    @Test
    void oneThatTrapsOnProbationTakesAllBackWithTheirOwnStateAndData() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            String late = "(if (i32.gt_u (global.get $since) (i32.const 20)) (then unreachable)) (i32.const 0)";
            vehicle.together("second", packages(vehicle, 2, "", OK, late));
            vehicle.world.run(1_500);
            allRun(vehicle, "2.0.0");
            assertEquals(2, read(vehicle, "com.acme.base", "v"));
            vehicle.world.run(5_000);
            allRun(vehicle, "1.0.0");
            for (String app : APPS) {
                assertEquals(1, read(vehicle, app, "v"), app);
                assertInstanceOf(
                        UpdateOutcome.RolledBack.class, last(vehicle, app).outcome());
            }
        }
    }

    @Test
    void onePackageThatIsRefusedAtTheDoorKeepsAllOut() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            Path[] packages = packages(vehicle, 2, "", OK, OK);
            packages[1] = vehicle.pack(manifest("com.acme.side", 1, ""), counter(1, "unreachable", OK));
            EnsembleReceipt.Refused refused =
                    assertInstanceOf(EnsembleReceipt.Refused.class, vehicle.together("second", packages));
            assertEquals("downgrade", refused.refused().reason());
            vehicle.world.run(5_000);
            allRun(vehicle, "1.0.0");
            assertEquals(
                    3,
                    vehicle.audit().stream()
                            .filter(entry -> entry.hasRefused()
                                    && entry.getRefused().getWhy().contains("downgrade"))
                            .count());
            packages[1] = packages[0];
            refused = assertInstanceOf(EnsembleReceipt.Refused.class, vehicle.together("third", packages));
            assertTrue(refused.refused().detail().contains("com.acme.base is there twice"), refused.toString());
        }
    }

    @Test
    void theyWaitUntilTheConditionsOfAllHold() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            vehicle.publish("Vehicle.Speed", 50);
            vehicle.together("second", packages(vehicle, 2, "when = \"Vehicle.Speed == 0\"\n", OK, OK));
            vehicle.world.run(5_000);
            allRun(vehicle, "1.0.0");
            assertEquals(
                    new UpdateOutcome.Waiting("Vehicle.Speed == 0"),
                    last(vehicle, "com.acme.top").outcome());
            for (int i = 0; i < 100; i++) {
                vehicle.publish("Vehicle.Speed", 0);
                vehicle.world.run(100);
            }
            allRun(vehicle, "2.0.0");
        }
    }

    @Test
    void anOperatorWhoStopsOneOfThemIsObeyedAndTheOthersStayWhatTheyWere() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            vehicle.together("second", packages(vehicle, 2, "", OK, OK));
            vehicle.world.run(500);
            vehicle.agent
                    .orchestrator()
                    .apply("com.acme.side", new SupervisorEvent.Operator(SupervisorEvent.Verb.STOP, "test"));
            vehicle.world.run(5_000);
            assertEquals("STOPPED", vehicle.phase("com.acme.side"));
            assertEquals("1.0.0", version(vehicle, "com.acme.side"));
            assertEquals("1.0.0", version(vehicle, "com.acme.base"));
            assertEquals("RUNNING", vehicle.phase("com.acme.top"));
        }
    }

    @Test
    void aLaterEnsembleTakesThePlaceOfOneThatIsUnderWay() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            firstRelease(vehicle);
            vehicle.together("second", packages(vehicle, 2, "", OK, OK));
            vehicle.world.run(500);
            assertInstanceOf(
                    EnsembleReceipt.Accepted.class, vehicle.together("third", packages(vehicle, 3, "", OK, OK)));
            vehicle.world.run(6_000);
            allRun(vehicle, "3.0.0");
            assertTrue(vehicle.reports.stream()
                    .anyMatch(report -> report.assignment().startsWith("second")
                            && report.outcome() instanceof UpdateOutcome.RolledBack back
                            && back.cause().contains("superseded by order third")));
        }
    }
}
