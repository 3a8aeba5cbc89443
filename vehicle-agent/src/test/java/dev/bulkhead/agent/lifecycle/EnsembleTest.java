package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import dev.bulkhead.agent.lifecycle.Part.State;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import dev.bulkhead.agent.lifecycle.Upkeep.RestartPolicy;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import dev.bulkhead.contract.manifest.AppId;
import dev.bulkhead.contract.manifest.Dependency;
import dev.bulkhead.contract.manifest.VersionRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An ensemble at each of its transitions. {@code base} is needed by {@code top}; {@code side} stands alone. */
class EnsembleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String BASE = "com.acme.base";
    private static final String SIDE = "com.acme.side";
    private static final String TOP = "com.acme.top";

    private Map<String, AppSlot> slots = new TreeMap<>();
    private final Map<ReleaseRef, Edition> stored = new HashMap<>();
    private final List<Consequences.Due> done = new ArrayList<>();
    private List<Ensemble> ensembles = List.of();
    private long now;

    private record Shape(SwapMode swap, String when, List<Dependency> needs) {
        static final Shape PLAIN = new Shape(SwapMode.HANDOVER, "", List.of());

        Shape needing(String app, String versions) {
            return new Shape(swap, when, List.of(new Dependency(new AppId(app), VersionRange.parse(versions), false)));
        }

        Shape when(String condition) {
            return new Shape(swap, condition, needs);
        }

        Shape byRestart() {
            return new Shape(SwapMode.RESTART, when, needs);
        }
    }

    private Edition edition(String app, int release, Shape shape) {
        Edition edition = new Edition(
                new ReleaseRef(
                        app,
                        release + ".0.0",
                        release,
                        String.format("%064x", (long) app.hashCode() * 100 + release & 0xFFFFFFFFFL)),
                new Upkeep(
                        RestartPolicy.ON_FAILURE,
                        3,
                        60 * SECOND,
                        shape.swap(),
                        5 * SECOND,
                        shape.when(),
                        SECOND,
                        shape.needs()));
        stored.put(edition.release(), edition);
        return edition;
    }

    private void follow(java.util.function.Consumer<Consequences> event) {
        Consequences next = new Consequences(slots, now, () -> 0.5);
        event.accept(next);
        next.settle();
        next.changed().forEach(slot -> slots.put(slot.appId(), slot));
        done.addAll(next.due());
        ensembles = next.ensembles();
    }

    private void on(String app, SupervisorEvent event) {
        follow(next -> next.take(app, event));
    }

    private AppSlot slot(String app) {
        return Optional.ofNullable(slots.get(app)).orElseThrow();
    }

    private State state(String app) {
        return slot(app).part().orElseThrow().state();
    }

    private long active(String app) {
        return slot(app).active().orElseThrow().release().release();
    }

    private void running(String app, int release, Shape shape) {
        on(app, new SupervisorEvent.Desire(edition(app, release, shape), "first"));
        on(app, new SupervisorEvent.Started(slot(app).lastIncarnation()));
        now += 5 * SECOND;
        on(app, new SupervisorEvent.ProbationOver(slot(app).lastIncarnation()));
        assertTrue(slot(app).trial().isEmpty());
    }

    private void order(Edition... editions) {
        done.clear();
        follow(next -> {
            for (Edition edition : editions) {
                String app = edition.release().appId();
                next.take(app, new SupervisorEvent.Enlist(edition, "order-" + app, "spring"));
            }
        });
    }

    private void threeRunning() {
        running(BASE, 1, Shape.PLAIN);
        running(SIDE, 1, Shape.PLAIN);
        running(TOP, 1, Shape.PLAIN.needing(BASE, ">=1 <2"));
    }

    private void orderThree() {
        order(
                edition(TOP, 2, Shape.PLAIN.needing(BASE, ">=2 <3")),
                edition(SIDE, 2, Shape.PLAIN),
                edition(BASE, 2, Shape.PLAIN));
    }

    private int candidate(String app) {
        return slot(app).candidate().orElseThrow().incarnation();
    }

    private void shadowed(String app) {
        on(app, new SupervisorEvent.ShadowDone(candidate(app)));
    }

    private void takenOver(String app) {
        on(app, new SupervisorEvent.CutOver(candidate(app)));
    }

    private void allOver() {
        for (String app : List.of(BASE, SIDE, TOP)) {
            shadowed(app);
        }
        for (String app : List.of(BASE, SIDE, TOP)) {
            takenOver(app);
        }
    }

    private <T extends SupervisorAction> List<String> did(Class<T> kind) {
        return done.stream()
                .filter(due -> kind.isInstance(due.action()))
                .map(due -> due.before().appId())
                .toList();
    }

    private List<String> outcomes(String app) {
        return done.stream()
                .flatMap(due -> due.action() instanceof SupervisorAction.Report report
                                && report.report().release().appId().equals(app)
                        ? Stream.of(report.report().outcome().toString())
                        : Stream.empty())
                .toList();
    }

    private void allAreBack(String cause) {
        for (String app : List.of(BASE, SIDE, TOP)) {
            assertEquals(1, active(app), app);
            assertEquals(Optional.empty(), slot(app).part(), app);
            assertEquals(Optional.empty(), slot(app).candidate(), app);
            assertEquals(Optional.empty(), slot(app).fallback(), app);
            assertEquals(Optional.empty(), slot(app).trial(), app);
            String last = outcomes(app).getLast();
            assertTrue(last.startsWith("RolledBack") && last.contains(cause), last);
        }
    }

    @Test
    void allArePreparedBesideWhatRunsAndNoneGoesOverBeforeTheLastIsReady() {
        threeRunning();
        orderThree();
        assertEquals(List.of(BASE, SIDE, TOP), did(SupervisorAction.Prepare.class), "providers first");
        shadowed(TOP);
        shadowed(BASE);
        assertEquals(State.READY, state(TOP));
        assertEquals(State.PREPARING, state(SIDE));
        assertEquals(List.of(), did(SupervisorAction.TakeOver.class));
        shadowed(SIDE);
        assertEquals(List.of(BASE), did(SupervisorAction.TakeOver.class));
        assertEquals(State.CUED, state(TOP));
    }

    @Test
    void theyGoOverOneAfterTheOtherThoseThatAreNeededFirst() {
        threeRunning();
        orderThree();
        allOver();
        assertEquals(List.of(BASE, SIDE, TOP), did(SupervisorAction.TakeOver.class));
        assertEquals(List.of(), did(SupervisorAction.Stop.class), "top 1 is not stopped for want of base 1");
        assertEquals(State.OVER, state(TOP));
        assertEquals(2, active(BASE));
    }

    @Test
    void noneIsProvenBeforeAllHeldThroughProbation() {
        threeRunning();
        orderThree();
        allOver();
        on(BASE, new SupervisorEvent.ProbationOver(2));
        on(TOP, new SupervisorEvent.ProbationOver(2));
        assertEquals(State.STEADY, state(BASE));
        assertTrue(slot(BASE).fallback().isPresent(), "its way back is kept");
        on(SIDE, new SupervisorEvent.ProbationOver(2));
        for (String app : List.of(BASE, SIDE, TOP)) {
            assertEquals("Proven[]", outcomes(app).getLast());
            assertEquals(Optional.empty(), slot(app).part());
            assertEquals(Optional.empty(), slot(app).fallback());
        }
    }

    @Test
    void oneThatFailsInItsShadowTakesAllBack() {
        threeRunning();
        orderThree();
        shadowed(BASE);
        on(SIDE, new SupervisorEvent.Broke(candidate(SIDE), "trap in restore_state"));
        allAreBack("trap in restore_state");
        assertTrue(
                outcomes(TOP).getLast().contains("all or none: com.acme.side did not make it: trap in restore_state"),
                outcomes(TOP).getLast());
        assertEquals(List.of(), did(SupervisorAction.Thaw.class), "what runs was never touched");
        assertEquals(3, did(SupervisorAction.DropRelease.class).size());
    }

    @Test
    void oneThatFailsAtItsCutOverTakesThoseBackThatAreOver() {
        threeRunning();
        orderThree();
        List.of(BASE, SIDE, TOP).forEach(this::shadowed);
        takenOver(BASE);
        takenOver(SIDE);
        on(TOP, new SupervisorEvent.Broke(candidate(TOP), "trap"));
        allAreBack("trap");
        assertEquals(List.of(TOP, SIDE, BASE), did(SupervisorAction.Thaw.class), "those that need others first");
        assertEquals(List.of(TOP, SIDE, BASE), did(SupervisorAction.GiveBackData.class));
    }

    @Test
    void oneThatFailsOnProbationTakesAllBack() {
        threeRunning();
        orderThree();
        allOver();
        on(SIDE, new SupervisorEvent.ProbationOver(2));
        on(BASE, new SupervisorEvent.Broke(2, "overrun"));
        allAreBack("overrun");
        assertEquals(List.of(TOP, SIDE, BASE), did(SupervisorAction.Thaw.class));
    }

    @Test
    void oneThatIsOverAndFailsWhileAnotherIsAtItsBoundaryWaitsForThat() {
        threeRunning();
        orderThree();
        List.of(BASE, SIDE, TOP).forEach(this::shadowed);
        takenOver(BASE);
        on(BASE, new SupervisorEvent.Broke(2, "trap"));
        assertEquals(State.BROKEN, state(BASE));
        assertEquals(List.of(), did(SupervisorAction.Thaw.class), "side is at its boundary");
        takenOver(SIDE);
        allAreBack("trap");
    }

    @Test
    void theyWaitUntilAllConditionsHoldAtOnceAlsoBeforeTheCutOver() {
        running(BASE, 1, Shape.PLAIN);
        running(SIDE, 1, Shape.PLAIN);
        order(
                edition(BASE, 2, Shape.PLAIN.when("Vehicle.Speed == 0")),
                edition(SIDE, 2, Shape.PLAIN.when("Vehicle.IsMoving == false")));
        assertEquals(
                List.of("Vehicle.Speed == 0", "Vehicle.IsMoving == false"),
                ensembles.getFirst().gates());
        assertEquals(State.HELD, state(BASE));
        assertEquals(
                "Waiting[condition=Vehicle.Speed == 0 and Vehicle.IsMoving == false]",
                outcomes(SIDE).getLast());
        follow(next -> next.gatesOpen("spring"));
        assertEquals(State.PREPARING, state(BASE));
        shadowed(BASE);
        shadowed(SIDE);
        assertEquals(List.of(), did(SupervisorAction.TakeOver.class), "the vehicle may have set off meanwhile");
        follow(next -> next.gatesOpen("spring"));
        assertEquals(List.of(BASE), did(SupervisorAction.TakeOver.class));
        assertEquals(List.of(), ensembles.getFirst().gates(), "nothing holds them up half-way");
    }

    @Test
    void theyWaitForWhatOneOfThemNeedsOutsideAndSeeEachOtherAsRunning() {
        running(BASE, 1, Shape.PLAIN);
        running(TOP, 1, Shape.PLAIN);
        order(
                edition(BASE, 2, Shape.PLAIN.needing(SIDE, ">=1 <2")),
                edition(TOP, 2, Shape.PLAIN.needing(BASE, ">=2 <3")));
        assertEquals(
                "Waiting[condition=needs com.acme.side >=1.0.0 <2.0.0, which is not installed]",
                outcomes(TOP).getLast());
        running(SIDE, 1, Shape.PLAIN);
        assertEquals(State.PREPARING, state(TOP));
    }

    @Test
    void theyWaitUntilAnEarlierVersionIsProven() {
        running(BASE, 1, Shape.PLAIN);
        running(SIDE, 1, Shape.PLAIN);
        on(SIDE, new SupervisorEvent.Desire(edition(SIDE, 2, Shape.PLAIN.byRestart()), "single"));
        on(SIDE, new SupervisorEvent.Ended(1));
        on(SIDE, new SupervisorEvent.Started(2));
        order(edition(BASE, 2, Shape.PLAIN), edition(SIDE, 3, Shape.PLAIN));
        assertEquals(
                "Waiting[condition=com.acme.side 2.0.0 (release 2) is proven]",
                outcomes(BASE).getLast());
        on(SIDE, new SupervisorEvent.ProbationOver(2));
        assertEquals(State.PREPARING, state(SIDE));
    }

    @Test
    void membersByRestartNewAppsAndStoppedOnesGoOverInTheirTurn() {
        running(BASE, 1, Shape.PLAIN);
        running(SIDE, 1, Shape.PLAIN);
        on(SIDE, new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(SIDE, new SupervisorEvent.Ended(1));
        order(
                edition(BASE, 2, Shape.PLAIN.byRestart()),
                edition(SIDE, 2, Shape.PLAIN),
                edition(TOP, 1, Shape.PLAIN.needing(BASE, ">=2 <3")));
        assertEquals(List.of(BASE), did(SupervisorAction.Stop.class));
        on(BASE, new SupervisorEvent.Ended(1));
        assertEquals(List.of(BASE), did(SupervisorAction.Start.class), "one after the other");
        on(BASE, new SupervisorEvent.Started(2));
        on(SIDE, new SupervisorEvent.Started(2));
        on(TOP, new SupervisorEvent.Broke(1, "trap in on_start"));
        assertEquals("REMOVED", slot(TOP).phase().word(), "it was not here before");
        assertEquals(List.of(TOP), did(SupervisorAction.Purge.class));
        assertEquals(Wish.STOP, slot(SIDE).wish(), "it was stopped before");
        assertEquals("STOPPED", slot(SIDE).phase().word());
        assertEquals("STARTING", slot(BASE).phase().word());
        assertEquals(1, active(BASE));
        assertTrue(outcomes(TOP).getLast().startsWith("Failed"), outcomes(TOP).getLast());
    }

    @Test
    void anOldVersionThatDiesBesideItsSuccessorHealsAndIsReplacedInItsTurn() {
        threeRunning();
        orderThree();
        on(SIDE, new SupervisorEvent.Broke(1, "trap"));
        assertEquals("BACKOFF", slot(SIDE).phase().word());
        assertEquals(State.READY, state(SIDE));
        assertEquals(1, active(SIDE), "its new version does not go alone");
        shadowed(BASE);
        shadowed(TOP);
        takenOver(BASE);
        assertEquals("STARTING", slot(SIDE).phase().word());
        assertEquals(2, active(SIDE));
    }

    @Test
    void aMemberThatCannotStartAtItsTurnTakesAllBack() {
        running(SIDE, 1, Shape.PLAIN);
        running(BASE, 1, Shape.PLAIN);
        order(edition(BASE, 2, Shape.PLAIN), edition(TOP, 1, Shape.PLAIN.needing(SIDE, ">=1 <2")));
        shadowed(BASE);
        on(SIDE, new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(SIDE, new SupervisorEvent.Ended(1));
        takenOver(BASE);
        assertEquals(1, active(BASE));
        assertTrue(
                outcomes(BASE)
                        .getLast()
                        .contains("com.acme.top did not make it: needs com.acme.side >=1.0.0 <2.0.0, which is stopped"),
                outcomes(BASE).getLast());
    }

    @Test
    void anOperatorWhoStopsOneOfThemBreaksTheEnsembleUpAndIsObeyed() {
        threeRunning();
        orderThree();
        on(SIDE, new SupervisorEvent.Operator(Verb.STOP, "me"));
        allAreBack("stop asked by me");
        assertEquals(Wish.STOP, slot(SIDE).wish());
        assertEquals("STOPPING", slot(SIDE).phase().word());
        assertEquals("RUNNING", slot(BASE).phase().word());
    }

    @Test
    void anOperatorMayStopAndStartOneOnProbation() {
        threeRunning();
        orderThree();
        allOver();
        on(SIDE, new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(SIDE, new SupervisorEvent.Ended(2));
        on(SIDE, new SupervisorEvent.Operator(Verb.START, "me"));
        on(SIDE, new SupervisorEvent.Started(3));
        assertEquals(State.OVER, state(SIDE));
        on(SIDE, new SupervisorEvent.Operator(Verb.ROLLBACK, "me"));
        allAreBack("rollback asked by me");
    }

    @Test
    void anotherOrderForOneOfThemBreaksTheEnsembleUpAndIsFollowed() {
        threeRunning();
        orderThree();
        on(TOP, new SupervisorEvent.Desire(edition(TOP, 3, Shape.PLAIN), "later"));
        assertEquals(1, active(BASE));
        assertEquals(Optional.empty(), slot(BASE).part());
        assertTrue(
                outcomes(BASE).getLast().contains("superseded by order later"),
                outcomes(BASE).getLast());
        assertEquals(3, slot(TOP).candidate().orElseThrow().edition().release().release());
    }

    @Test
    void soDoesARemoval() {
        threeRunning();
        orderThree();
        allOver();
        on(SIDE, new SupervisorEvent.Remove("away"));
        assertEquals(1, active(BASE));
        assertEquals(Wish.ABSENT, slot(SIDE).wish());
    }

    @Test
    void anOrderThatComesAtTheBoundaryOfOneIsFollowedAfterIt() {
        threeRunning();
        orderThree();
        List.of(BASE, SIDE, TOP).forEach(this::shadowed);
        on(BASE, new SupervisorEvent.Operator(Verb.QUARANTINE, "me"));
        assertEquals(1, slot(BASE).durable().deferred().size());
        takenOver(BASE);
        allAreBack("quarantine asked by me");
        on(BASE, new SupervisorEvent.Ended(1));
        assertEquals("QUARANTINED", slot(BASE).phase().word());
    }

    @Test
    void aMemberThatRunsItsReleaseAlreadyTakesNoPart() {
        threeRunning();
        order(edition(BASE, 1, Shape.PLAIN), edition(SIDE, 2, Shape.PLAIN));
        assertEquals(Optional.empty(), slot(BASE).part());
        assertEquals("Proven[]", outcomes(BASE).getLast());
        assertEquals(State.PREPARING, state(SIDE));
    }

    @Test
    void aVersionThatWasEndedForAnEarlierOrderDoesNotPullTheNewOneInAlone() {
        running(BASE, 1, Shape.PLAIN);
        running(SIDE, 1, Shape.PLAIN);
        on(BASE, new SupervisorEvent.Desire(edition(BASE, 2, Shape.PLAIN.byRestart()), "single"));
        assertEquals("STOPPING", slot(BASE).phase().word());
        order(edition(BASE, 3, Shape.PLAIN), edition(SIDE, 2, Shape.PLAIN));
        on(BASE, new SupervisorEvent.Ended(1));
        assertEquals("STARTING", slot(BASE).phase().word());
        assertEquals(1, active(BASE));
        assertEquals(State.HELD, state(BASE));
    }

    @Test
    void lateCopiesOfTheSameNewsChangeNothing() {
        threeRunning();
        orderThree();
        List.of(BASE, SIDE, TOP).forEach(this::shadowed);
        on(TOP, new SupervisorEvent.ShadowDone(candidate(TOP)));
        assertEquals(State.CUED, state(TOP));
        takenOver(BASE);
        takenOver(SIDE);
        takenOver(TOP);
        on(BASE, new SupervisorEvent.CutOver(2));
        on(BASE, new SupervisorEvent.Started(2));
        assertEquals(State.OVER, state(BASE));
    }

    @Test
    void newsOfAnotherEnsembleIsIgnored() {
        threeRunning();
        orderThree();
        Map<String, AppSlot> before = new TreeMap<>(slots);
        on(SIDE, new SupervisorEvent.Cue(SIDE, "autumn", SupervisorEvent.Move.RETURN, "no"));
        assertEquals(before, slots);
    }

    /** Only what is durable is left; then the agent starts. */
    private void revive() {
        List<DurableSlot> durable =
                slots.values().stream().map(AppSlot::durable).toList();
        slots = new TreeMap<>(Revival.of(durable, release -> Optional.ofNullable(stored.get(release))));
        for (String app : List.of(BASE, SIDE, TOP)) {
            on(app, new SupervisorEvent.AgentStarted());
        }
    }

    @Test
    void afterAKillBeforeTheCutOverTheyBeginAnewOnceTheOldVersionsRun() {
        threeRunning();
        orderThree();
        shadowed(BASE);
        done.clear();
        revive();
        assertEquals(State.HELD, state(BASE));
        assertEquals(List.of(), did(SupervisorAction.Prepare.class));
        on(BASE, new SupervisorEvent.Started(1));
        on(SIDE, new SupervisorEvent.Started(1));
        assertEquals(List.of(), did(SupervisorAction.Prepare.class), "top can start now that base runs");
        on(TOP, new SupervisorEvent.NeighbourChanged());
        on(TOP, new SupervisorEvent.Started(1));
        assertEquals(List.of(BASE, SIDE, TOP), did(SupervisorAction.Prepare.class));
    }

    @Test
    void afterAKillInTheMiddleOfTheCutOverItGoesOn() {
        threeRunning();
        orderThree();
        List.of(BASE, SIDE, TOP).forEach(this::shadowed);
        takenOver(BASE);
        revive();
        assertEquals(State.TAKING, state(BASE));
        assertEquals(State.CUED, state(SIDE));
        assertEquals("INSTALLED", slot(SIDE).phase().word(), "its old version is not started any more");
        on(BASE, new SupervisorEvent.Started(1));
        on(SIDE, new SupervisorEvent.Started(1));
        on(TOP, new SupervisorEvent.Started(1));
        assertEquals(List.of(2L, 2L, 2L), List.of(active(BASE), active(SIDE), active(TOP)));
        on(SIDE, new SupervisorEvent.Broke(1, "trap"));
        allAreBack("trap");
    }

    @Test
    void afterAKillOnProbationAllAreOnProbationAgain() {
        threeRunning();
        orderThree();
        allOver();
        on(BASE, new SupervisorEvent.ProbationOver(2));
        revive();
        for (String app : List.of(BASE, SIDE, TOP)) {
            on(app, new SupervisorEvent.NeighbourChanged());
            on(app, new SupervisorEvent.Started(1));
            assertEquals(State.OVER, state(app));
        }
        for (String app : List.of(BASE, SIDE, TOP)) {
            on(app, new SupervisorEvent.ProbationOver(1));
        }
        assertEquals("Proven[]", outcomes(BASE).getLast());
    }

    @Test
    void anOrderThatWasTakenAtABoundaryIsFollowedAfterAKill() {
        threeRunning();
        on(SIDE, new SupervisorEvent.Desire(edition(SIDE, 2, Shape.PLAIN), "single"));
        shadowed(SIDE);
        on(SIDE, new SupervisorEvent.Operator(Verb.STOP, "me"));
        on(BASE, new SupervisorEvent.Desire(edition(BASE, 2, Shape.PLAIN), "single"));
        shadowed(BASE);
        on(BASE, new SupervisorEvent.Desire(edition(BASE, 3, Shape.PLAIN.byRestart()), "later"));
        revive();
        assertEquals(Wish.STOP, slot(SIDE).wish());
        on(SIDE, new SupervisorEvent.Ended(slot(SIDE).lastIncarnation()));
        assertEquals("STOPPED", slot(SIDE).phase().word());
        assertEquals("later", slot(BASE).candidate().orElseThrow().order());
        assertEquals(List.of(), slot(BASE).durable().deferred());
    }

    @Test
    void aPackageThatCannotBeReadAnyMoreAfterAKillTakesAllBack() {
        threeRunning();
        orderThree();
        stored.remove(slot(SIDE).candidate().orElseThrow().edition().release());
        revive();
        assertEquals(List.of(1L, 1L, 1L), List.of(active(BASE), active(SIDE), active(TOP)));
        assertTrue(
                outcomes(BASE).getLast().contains("its package cannot be read any more"),
                outcomes(BASE).getLast());
    }
}
