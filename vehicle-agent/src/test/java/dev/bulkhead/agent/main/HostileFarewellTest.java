package dev.bulkhead.agent.main;

import static dev.bulkhead.agent.main.HostileModule.onEvent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.proto.AuditEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traps and endless loops where a version hands over to the next, or ends: callbacks that the corpus of one version does not come to. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileFarewellTest {
    private static final String APP = "com.acme.hostile";
    private static final String TRAPS = "unreachable";
    private static final String LOOPS = "(loop $l (br $l)) (i32.const 0)";
    private static final Predicate<AuditEntry> OVERRAN = entry -> entry.hasBudgetExceeded()
            && entry.getBudgetExceeded().getResource().equals("callback")
            && entry.getBudgetExceeded().getAction().equals("killed");

    @TempDir
    Path dir;

    private static String manifest(int release) {
        return HostileAppsTest.manifest(APP)
                .replace("version = \"1.0.0\"", "version = \"" + release + ".0.0\"")
                .replace("release = 1", "release = " + release)
                .replace("probation = \"2s\"", "probation = \"2s\"\nswap = \"handover\"");
    }

    private static byte[] module(String save, String restore) {
        return onEvent("")
                .with("(func (export \"save_state\") (param i32 i32) (result i32) " + save + ")"
                        + "(func (export \"restore_state\") (param i32 i32) (result i32) " + restore + ")")
                .bytes();
    }

    private static byte[] stopping(String body) {
        return onEvent("").with("(func (export \"on_stop\") " + body + ")").bytes();
    }

    private static String version(TestVehicle vehicle) {
        return vehicle.app(APP).slot().active().orElseThrow().release().version();
    }

    /** Follows the speed, beside the hostile app, for so many hundredths of a second. */
    private static void neighbourFollows(TestVehicle vehicle, int turns) {
        for (int turn = 1; turn <= turns; turn++) {
            int fourth = turn % 25;
            vehicle.publish("Vehicle.Speed", 4 * fourth);
            vehicle.world.run(10);
            assertEquals(Integer.toString(fourth), vehicle.recorder.values.get(AgentStoryTest.FAN), "turn " + turn);
        }
    }

    private TestVehicle vehicle() {
        TestVehicle vehicle = new TestVehicle(dir);
        vehicle.install(
                AgentStoryTest.manifest("com.acme.fan", "1.0.0", 1, AgentStoryTest.FAN_GRANTS),
                TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED));
        vehicle.world.run(100);
        return vehicle;
    }

    private static void recorded(TestVehicle vehicle, Predicate<AuditEntry> record) {
        vehicle.world.run(1_100); // counters are written down once a second
        List<AuditEntry> records = vehicle.audit().stream()
                .filter(entry -> entry.getAppId().equals(APP))
                .toList();
        assertTrue(records.stream().anyMatch(record), () -> records + "\n" + vehicle.log(APP));
        assertEquals(List.of(), vehicle.faults);
    }

    private void swap(byte[] old, byte[] next, String version, Predicate<AuditEntry> record) {
        try (TestVehicle vehicle = vehicle()) {
            vehicle.install(manifest(1), old);
            neighbourFollows(vehicle, 300);
            vehicle.install(manifest(2), next);
            neighbourFollows(vehicle, 600);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals(version, version(vehicle));
            recorded(vehicle, record);
        }
    }

    private static final String NOTHING = "(i32.const 0)";

    @Test
    void aVersionThatTrapsInSaveStateMakesWayForTheNext() {
        swap(module(TRAPS, NOTHING), module(NOTHING, NOTHING), "2.0.0", stopped("unreachable"));
    }

    @Test
    void aVersionThatNeverComesBackFromSaveStateMakesWayForTheNext() {
        swap(module(LOOPS, NOTHING), module(NOTHING, NOTHING), "2.0.0", OVERRAN);
    }

    @Test
    void aVersionThatTrapsInRestoreStateIsSentBack() {
        swap(module(NOTHING, NOTHING), module(NOTHING, TRAPS), "1.0.0", sentBack("unreachable"));
    }

    @Test
    void aVersionThatNeverComesBackFromRestoreStateIsSentBack() {
        swap(module(NOTHING, NOTHING), module(NOTHING, LOOPS), "1.0.0", OVERRAN.or(sentBack("callback took more")));
    }

    private static Predicate<AuditEntry> stopped(String why) {
        return entry -> entry.hasStopped() && entry.getStopped().getWhy().contains(why);
    }

    private static Predicate<AuditEntry> sentBack(String why) {
        return entry -> entry.hasSwapped()
                && !entry.getSwapped().getSuccess()
                && entry.getSwapped().getWhy().contains(why);
    }

    private void stop(String body, String line, Predicate<AuditEntry> record) {
        try (TestVehicle vehicle = vehicle()) {
            vehicle.install(manifest(1), stopping(body));
            neighbourFollows(vehicle, 300);
            vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(SupervisorEvent.Verb.STOP, "test"));
            neighbourFollows(vehicle, 100);
            assertEquals("STOPPED", vehicle.phase(APP));
            assertTrue(
                    vehicle.log(APP).stream().anyMatch(each -> each.contains(line)),
                    () -> vehicle.log(APP).toString());
            recorded(vehicle, record);
        }
    }

    @Test
    void anAppThatTrapsInOnStopIsStoppedAllTheSame() {
        stop(
                TRAPS,
                "on_stop: trap: unreachable",
                entry -> entry.hasStopped() && entry.getStopped().getState().equals("STOPPED"));
    }

    @Test
    void anAppThatNeverComesBackFromOnStopIsStoppedAllTheSame() {
        stop("(loop $l (br $l))", "on_stop: killed: one callback took more than", OVERRAN);
    }
}
