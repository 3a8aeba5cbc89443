package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import dev.bulkhead.agent.lifecycle.Upkeep.RestartPolicy;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every transition of the state machine. */
class SupervisorTest {
    private static final long SECOND = 1_000_000_000L;

    private AppSlot slot = AppSlot.empty("com.acme.app");
    private final List<SupervisorAction> actions = new ArrayList<>();
    private long now = SECOND;

    private static Edition edition(int release, RestartPolicy policy, SwapMode swap, String when) {
        return new Edition(
                new ReleaseRef("com.acme.app", release + ".0.0", release, String.format("%064x", release)),
                new Upkeep(policy, 2, 60 * SECOND, swap, 5 * SECOND, when, SECOND, List.of()));
    }

    private static Edition plain(int release) {
        return edition(release, RestartPolicy.ON_FAILURE, SwapMode.RESTART, "");
    }

    private static Edition handover(int release) {
        return edition(release, RestartPolicy.ON_FAILURE, SwapMode.HANDOVER, "");
    }

    private void on(SupervisorEvent event) {
        actions.clear();
        Step step = Supervisor.step(slot, event, now, 0.5);
        slot = step.slot();
        actions.addAll(step.actions());
    }

    private <A extends SupervisorAction> Optional<A> did(Class<A> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private List<UpdateOutcome> reported() {
        return actions.stream()
                .filter(SupervisorAction.Report.class::isInstance)
                .map(action -> ((SupervisorAction.Report) action).report().outcome())
                .toList();
    }

    private String phase() {
        return slot.phase().word();
    }

    private void desire(Edition edition) {
        on(new SupervisorEvent.Desire(edition, "order-" + edition.release().release()));
    }

    /** Installed, started, proven. */
    private void proven(Edition edition) {
        desire(edition);
        on(new SupervisorEvent.Started(slot.lastIncarnation()));
        now += 5 * SECOND;
        on(new SupervisorEvent.ProbationOver(slot.lastIncarnation()));
        assertTrue(slot.trial().isEmpty());
    }

    private void breakIt() {
        on(new SupervisorEvent.Broke(slot.phase().occupant().orElseThrow(), "trap"));
    }

    @Test
    void startsWhatIsDesired() {
        desire(plain(1));
        assertEquals("STARTING", phase());
        assertEquals(1, did(SupervisorAction.Start.class).orElseThrow().incarnation());
        assertInstanceOf(UpdateOutcome.Activating.class, reported().getFirst());
    }

    @Test
    void runsOnProbationOnceStartedAndIsProvenWhenItIsOver() {
        desire(plain(1));
        on(new SupervisorEvent.Started(1));
        assertEquals("RUNNING", phase());
        assertEquals(
                now + 5 * SECOND,
                did(SupervisorAction.WakeFromProbation.class).orElseThrow().atNanos());
        assertEquals(new UpdateOutcome.OnProbation(now + 5 * SECOND), reported().getFirst());
        on(new SupervisorEvent.ProbationOver(1));
        assertInstanceOf(UpdateOutcome.Proven.class, reported().getFirst());
    }

    @Test
    void ignoresNewsOfAnEarlierIncarnation() {
        proven(plain(1));
        AppSlot before = slot;
        on(new SupervisorEvent.Started(77));
        on(new SupervisorEvent.Broke(77, "late"));
        on(new SupervisorEvent.Ended(77));
        on(new SupervisorEvent.Exited(77, 0));
        on(new SupervisorEvent.ProbationOver(77));
        on(new SupervisorEvent.BackoffOver(77));
        on(new SupervisorEvent.ShadowDone(77));
        on(new SupervisorEvent.CutOver(77));
        on(new SupervisorEvent.Throttle(77, true));
        on(new SupervisorEvent.GateOpened());
        assertEquals(before, slot);
    }

    @Test
    void showsThrottlingAndItsEnd() {
        proven(plain(1));
        on(new SupervisorEvent.Throttle(1, true));
        assertEquals("THROTTLED", phase());
        on(new SupervisorEvent.Throttle(1, false));
        assertEquals("RUNNING", phase());
    }

    @Test
    void backsOffLongerEachTimeAndQuarantinesBeyondTheWindow() {
        proven(plain(1));
        breakIt();
        assertEquals("BACKOFF", phase());
        long first = did(SupervisorAction.WakeFromBackoff.class).orElseThrow().atNanos() - now;
        on(new SupervisorEvent.BackoffOver(((Phase.Backoff) slot.phase()).ticket()));
        assertEquals("STARTING", phase());
        breakIt();
        long second = did(SupervisorAction.WakeFromBackoff.class).orElseThrow().atNanos() - now;
        assertEquals(2 * first, second);
        on(new SupervisorEvent.BackoffOver(((Phase.Backoff) slot.phase()).ticket()));
        breakIt();
        assertEquals("QUARANTINED", phase());
        assertTrue(((Phase.Quarantined) slot.phase()).reason().contains("3 failures"));
    }

    @Test
    void forgetsFailuresThatLieOutsideTheWindow() {
        proven(plain(1));
        for (int i = 0; i < 5; i++) {
            breakIt();
            on(new SupervisorEvent.BackoffOver(((Phase.Backoff) slot.phase()).ticket()));
            now += 61 * SECOND;
        }
        assertEquals("STARTING", phase());
    }

    @Test
    void reportsAFirstVersionThatNeverHeldAsFailed() {
        desire(plain(1));
        breakIt();
        on(new SupervisorEvent.BackoffOver(((Phase.Backoff) slot.phase()).ticket()));
        breakIt();
        on(new SupervisorEvent.BackoffOver(((Phase.Backoff) slot.phase()).ticket()));
        breakIt();
        assertEquals("QUARANTINED", phase());
        assertInstanceOf(UpdateOutcome.Failed.class, reported().getFirst());
    }

    @Test
    void leavesAnAppThatMustNotBeRestarted() {
        proven(edition(1, RestartPolicy.NEVER, SwapMode.RESTART, ""));
        breakIt();
        assertEquals("FAILED", phase());
        assertTrue(did(SupervisorAction.WakeFromBackoff.class).isEmpty());
    }

    @Test
    void takesAnExitWithZeroForAnEndUnlessThePolicyIsAlways() {
        proven(plain(1));
        on(new SupervisorEvent.Exited(1, 0));
        assertEquals("STOPPED", phase());
        slot = AppSlot.empty("com.acme.app");
        proven(edition(1, RestartPolicy.ALWAYS, SwapMode.RESTART, ""));
        on(new SupervisorEvent.Exited(1, 0));
        assertEquals("BACKOFF", phase());
    }

    @Test
    void takesAnExitWithAnotherCodeForAFailure() {
        proven(plain(1));
        on(new SupervisorEvent.Exited(1, 3));
        assertEquals("BACKOFF", phase());
    }

    @Test
    void stopsStartsAndRestartsAsTheOperatorAsks() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        assertEquals("STOPPING", phase());
        assertTrue(did(SupervisorAction.Stop.class).isPresent());
        on(new SupervisorEvent.Ended(1));
        assertEquals("STOPPED", phase());
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        assertEquals("STARTING", phase());
        on(new SupervisorEvent.Started(2));
        on(new SupervisorEvent.Operator(Verb.RESTART, "me"));
        on(new SupervisorEvent.Ended(2));
        assertEquals("STARTING", phase());
        assertEquals(3, slot.lastIncarnation());
    }

    @Test
    void aStartWhileStoppingBecomesARestart() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        assertTrue(did(SupervisorAction.Stop.class).isEmpty());
        on(new SupervisorEvent.Ended(1));
        assertEquals("STARTING", phase());
    }

    @Test
    void anAppThatBreaksWhileStoppingIsStopped() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(new SupervisorEvent.Broke(1, "trap in on_stop"));
        assertEquals("STOPPED", phase());
    }

    @Test
    void aStopDuringBackoffHolds() {
        proven(plain(1));
        breakIt();
        int ticket = ((Phase.Backoff) slot.phase()).ticket();
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(new SupervisorEvent.BackoffOver(ticket));
        assertEquals("STOPPED", phase());
    }

    @Test
    void theOperatorCanWallOffAndRelease() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.QUARANTINE, "me"));
        on(new SupervisorEvent.Ended(1));
        assertEquals("QUARANTINED", phase());
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        assertEquals("QUARANTINED", phase());
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        assertEquals("STARTING", phase());
        assertEquals(0, slot.failures().count());
    }

    @Test
    void replacesByStoppingTheOldAndStartingTheNew() {
        proven(plain(1));
        desire(plain(2));
        assertEquals("STOPPING", phase());
        on(new SupervisorEvent.Ended(1));
        assertEquals("STARTING", phase());
        assertEquals(2, slot.active().orElseThrow().release().release());
        assertEquals(1, slot.fallback().orElseThrow().release().release());
        on(new SupervisorEvent.Started(2));
        on(new SupervisorEvent.ProbationOver(2));
        assertTrue(slot.fallback().isEmpty());
        assertEquals(
                1,
                did(SupervisorAction.DropRelease.class).orElseThrow().release().release());
    }

    @Test
    void returnsToTheOldVersionAtTheFirstFailureOnProbation() {
        proven(plain(1));
        desire(plain(2));
        on(new SupervisorEvent.Ended(1));
        on(new SupervisorEvent.Started(2));
        breakIt();
        assertEquals("STARTING", phase());
        assertEquals(1, slot.active().orElseThrow().release().release());
        assertEquals(2, slot.rejected().orElseThrow().release());
        var back = assertInstanceOf(UpdateOutcome.RolledBack.class, reported().getFirst());
        assertEquals("trap", back.cause());
        on(new SupervisorEvent.Started(3));
        assertEquals("RUNNING", phase());
        assertTrue(slot.trial().isEmpty());
    }

    @Test
    void rollsBackWhenTheOperatorAsksDuringProbationOnly() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.ROLLBACK, "me"));
        assertEquals("RUNNING", phase());
        desire(plain(2));
        on(new SupervisorEvent.Ended(1));
        on(new SupervisorEvent.Started(2));
        on(new SupervisorEvent.Operator(Verb.ROLLBACK, "me"));
        on(new SupervisorEvent.Ended(2));
        assertEquals(1, slot.active().orElseThrow().release().release());
    }

    @Test
    void aRollbackGivesUpTheNewerVersionThatIsOnItsWay() {
        for (Edition newer : List.of(handover(3), plain(3))) {
            slot = AppSlot.empty("com.acme.app");
            proven(plain(1));
            desire(plain(2));
            on(new SupervisorEvent.Ended(1));
            on(new SupervisorEvent.Started(2));
            desire(newer);
            on(new SupervisorEvent.Operator(Verb.ROLLBACK, "me"));
            assertEquals(
                    new UpdateOutcome.Failed("rollback asked by me"), reported().getFirst());
            assertEquals(Optional.empty(), slot.candidate());
            on(new SupervisorEvent.Ended(2));
            on(new SupervisorEvent.Started(slot.lastIncarnation()));
            assertEquals("RUNNING", phase());
            assertEquals(1, slot.active().orElseThrow().release().release());
        }
    }

    @Test
    void anUnprovenVersionIsNeverReturnedTo() {
        proven(plain(1));
        desire(plain(2));
        on(new SupervisorEvent.Ended(1));
        on(new SupervisorEvent.Started(2));
        desire(plain(3));
        on(new SupervisorEvent.Ended(2));
        on(new SupervisorEvent.Started(3));
        breakIt();
        assertEquals(1, slot.active().orElseThrow().release().release());
    }

    @Test
    void waitsForItsConditionWhileTheOldVersionRuns() {
        proven(plain(1));
        desire(edition(2, RestartPolicy.ON_FAILURE, SwapMode.RESTART, "Vehicle.Speed == 0"));
        assertEquals("RUNNING", phase());
        assertEquals(
                "Vehicle.Speed == 0",
                did(SupervisorAction.WatchGate.class).orElseThrow().condition());
        assertInstanceOf(UpdateOutcome.Waiting.class, reported().getFirst());
        on(new SupervisorEvent.GateOpened());
        assertEquals("STOPPING", phase());
        assertTrue(did(SupervisorAction.ForgetGate.class).isPresent());
    }

    @Test
    void aNewerOrderSupersedesOneThatWaits() {
        proven(plain(1));
        desire(edition(2, RestartPolicy.ON_FAILURE, SwapMode.RESTART, "Vehicle.Speed == 0"));
        desire(plain(3));
        assertInstanceOf(UpdateOutcome.Failed.class, reported().getFirst());
        assertTrue(did(SupervisorAction.ForgetGate.class).isPresent());
        assertEquals(3, slot.candidate().orElseThrow().edition().release().release());
    }

    @Test
    void preparesBesideTheLiveVersionCutsOverAndKeepsTheOldFrozen() {
        proven(handover(1));
        desire(handover(2));
        assertEquals("RUNNING", phase());
        var prepare = did(SupervisorAction.Prepare.class).orElseThrow();
        assertEquals(1, prepare.live());
        on(new SupervisorEvent.ShadowDone(prepare.incarnation()));
        assertTrue(did(SupervisorAction.TakeOver.class).isPresent());
        assertEquals(Stage.CUTOVER, slot.candidate().orElseThrow().stage());
        on(new SupervisorEvent.CutOver(prepare.incarnation()));
        assertEquals(prepare.incarnation(), slot.phase().occupant().orElseThrow());
        assertEquals(1, slot.retained().orElseThrow());
        on(new SupervisorEvent.ProbationOver(prepare.incarnation()));
        assertEquals(1, did(SupervisorAction.Discard.class).orElseThrow().incarnation());
    }

    @Test
    void aCandidateThatBreaksInItsShadowLeavesTheLiveVersionAlone() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.Broke(2, "trap in restore_state"));
        assertEquals("RUNNING", phase());
        assertEquals(1, slot.phase().occupant().orElseThrow());
        assertEquals(2, did(SupervisorAction.Discard.class).orElseThrow().incarnation());
        assertInstanceOf(UpdateOutcome.RolledBack.class, reported().getFirst());
    }

    @Test
    void aCandidateThatBreaksAtTheCutOverWakesTheLiveVersion() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.ShadowDone(2));
        on(new SupervisorEvent.Broke(2, "trap in restore_state"));
        assertEquals(1, did(SupervisorAction.Thaw.class).orElseThrow().retained());
        on(new SupervisorEvent.Started(1));
        assertEquals("RUNNING", phase());
    }

    @Test
    void aFailureOnProbationAfterAHandoverWakesTheFrozenVersion() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.ShadowDone(2));
        on(new SupervisorEvent.CutOver(2));
        breakIt();
        assertEquals(1, did(SupervisorAction.Thaw.class).orElseThrow().retained());
        assertEquals(1, slot.active().orElseThrow().release().release());
        on(new SupervisorEvent.Started(1));
        assertEquals("RUNNING", phase());
    }

    @Test
    void whenTheLiveVersionDiesTheCandidateTakesItsPlaceAtOnce() {
        proven(handover(1));
        desire(handover(2));
        breakIt();
        assertEquals("STARTING", phase());
        assertEquals(2, slot.active().orElseThrow().release().release());
        assertTrue(slot.candidate().isEmpty());
    }

    @Test
    void whatComesDuringTheCutOverIsPutOffDurablyAndTheLastWordOfEachKindCounts() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.ShadowDone(2));
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        desire(handover(3));
        desire(handover(4));
        assertEquals(
                "superseded by order order-4",
                assertInstanceOf(
                                UpdateOutcome.Failed.class,
                                did(SupervisorAction.Report.class)
                                        .orElseThrow()
                                        .report()
                                        .outcome())
                        .cause());
        on(new SupervisorEvent.Remove("r"));
        assertEquals(
                List.of("STOP", "DESIRE", "REMOVE"),
                slot.durable().deferred().stream().map(DurableSlot.Order::word).toList());
        assertEquals(Optional.empty(), Deferral.due(slot), "not at the boundary");
        on(new SupervisorEvent.CutOver(2));
        assertEquals(
                new SupervisorEvent.Operator(Verb.STOP, "me"),
                Deferral.due(slot).orElseThrow());
    }

    @Test
    void whatNeighboursDoDuringTheCutOverIsLookedAtAfterIt() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.ShadowDone(2));
        on(new SupervisorEvent.NeighbourChanged());
        assertEquals(slot.deferred(), List.of());
        assertEquals("RUNNING", phase());
    }

    @Test
    void aStopDuringTheShadowInstallsTheCandidateWithoutStartingIt() {
        proven(handover(1));
        desire(handover(2));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(new SupervisorEvent.Ended(1));
        assertEquals("STOPPED", phase());
        assertEquals(2, slot.active().orElseThrow().release().release());
    }

    @Test
    void removesStopsAndPurges() {
        proven(plain(1));
        on(new SupervisorEvent.Remove("away"));
        assertEquals("STOPPING", phase());
        assertEquals(Wish.ABSENT, slot.wish());
        on(new SupervisorEvent.Ended(1));
        assertEquals("REMOVED", phase());
        assertTrue(did(SupervisorAction.Purge.class).isPresent());
        assertInstanceOf(UpdateOutcome.Removed.class, reported().getFirst());
    }

    @Test
    void aNewOrderLiftsAQuarantine() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.QUARANTINE, "me"));
        on(new SupervisorEvent.Ended(1));
        desire(plain(2));
        assertEquals("STARTING", phase());
        assertEquals(2, slot.active().orElseThrow().release().release());
    }

    @Test
    void theSameReleaseDesiredAgainIsProvenAlready() {
        proven(plain(1));
        desire(plain(1));
        assertEquals("RUNNING", phase());
        assertInstanceOf(UpdateOutcome.Proven.class, reported().getFirst());
        assertTrue(did(SupervisorAction.Start.class).isEmpty());
    }

    @Test
    void afterAPowerCutWhatWasWishedForComesBack() {
        proven(plain(1));
        desire(edition(2, RestartPolicy.ON_FAILURE, SwapMode.RESTART, "Vehicle.Speed == 0"));
        revive();
        assertEquals("STARTING", phase());
        assertTrue(did(SupervisorAction.WatchGate.class).isPresent());
        assertEquals(1, slot.active().orElseThrow().release().release());
    }

    @Test
    void afterAPowerCutAReplacementUnderWayGoesOn() {
        proven(plain(1));
        desire(plain(2));
        revive();
        assertEquals("STARTING", phase());
        assertEquals(2, slot.active().orElseThrow().release().release());
        assertEquals(1, slot.fallback().orElseThrow().release().release());
    }

    @Test
    void afterAPowerCutAQuarantineAStopAndARemovalStillHold() {
        proven(plain(1));
        on(new SupervisorEvent.Operator(Verb.QUARANTINE, "me"));
        on(new SupervisorEvent.Ended(1));
        revive();
        assertEquals("QUARANTINED", phase());
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        on(new SupervisorEvent.Operator(Verb.STOP, "me"));
        revive();
        assertEquals("STOPPED", phase());
        on(new SupervisorEvent.Operator(Verb.START, "me"));
        on(new SupervisorEvent.Remove("away"));
        revive();
        assertEquals("REMOVED", phase());
        assertTrue(did(SupervisorAction.Purge.class).isPresent());
    }

    /** Only what is durable is left; then the agent starts. */
    private void revive() {
        DurableSlot durable = slot.durable();
        Map<ReleaseRef, Edition> stored = new HashMap<>();
        Stream.of(slot.active(), slot.fallback(), slot.candidate().map(AppSlot.Candidate::edition))
                .flatMap(Optional::stream)
                .forEach(edition -> stored.put(edition.release(), edition));
        slot = Optional.ofNullable(Revival.of(List.of(durable), release -> Optional.ofNullable(stored.get(release)))
                        .get(slot.appId()))
                .orElseThrow();
        on(new SupervisorEvent.AgentStarted());
    }

    @Test
    void everyStepIsTheSameForTheSameInput() {
        proven(plain(1));
        Step one = Supervisor.step(slot, new SupervisorEvent.Broke(1, "trap"), now, 0.25);
        Step two = Supervisor.step(slot, new SupervisorEvent.Broke(1, "trap"), now, 0.25);
        assertEquals(one, two);
        assertFalse(one.actions().isEmpty());
    }
}
