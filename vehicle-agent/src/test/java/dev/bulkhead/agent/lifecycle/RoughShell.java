package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A shell that carries the supervisor's actions out badly, in virtual time: starts and shadow runs trap, news come late and twice, packages
 * that nobody names are gone. The same seed gives the same life.
 */
final class RoughShell {
    static final long MILLI = 1_000_000L;

    /** What it works for. */
    interface Supervised {
        void take(String app, SupervisorEvent event);

        /** What is written down: packages that it names are kept. */
        Stream<DurableSlot> disk();

        /** Forgets an app; false when that cannot be written down now. */
        boolean purge(String app);
    }

    private record Later(long at, long order, String app, SupervisorEvent event) {}

    final SplittableRandom random;
    private final long seed;
    private final int odds;
    private final Supervised supervised;
    private final PriorityQueue<Later> queue =
            new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
    private final Map<String, Set<Integer>> compartments = new HashMap<>();
    private final Set<ReleaseRef> dropped = new HashSet<>();
    private final List<String> history = new ArrayList<>();
    private boolean calm;
    private long now;
    private long order;

    /** @param odds one in so many starts, shadow runs and cut-overs goes wrong */
    RoughShell(long seed, int odds, Supervised supervised) {
        this.seed = seed;
        this.odds = odds;
        this.random = new SplittableRandom(seed);
        this.supervised = supervised;
    }

    /** Nanoseconds of virtual time. */
    long now() {
        return now;
    }

    boolean calm() {
        return calm;
    }

    /** From here on nothing goes wrong any more. */
    void calmDown() {
        calm = true;
    }

    void note(String what) {
        history.add(now / MILLI + " ms: " + what);
    }

    /** As after a suspend: everything that was due meanwhile is due at once. */
    void jump(long nanos) {
        now += nanos;
        note("the clock jumped");
    }

    /** All that was only in memory is gone. */
    void powerCut() {
        queue.clear();
        compartments.clear();
        note("power cut");
    }

    void at(long nanos, String app, SupervisorEvent event) {
        queue.add(new Later(nanos, order++, app, event));
    }

    /** Within so many milliseconds, and one in ten times once more. */
    private void later(int millis, String app, SupervisorEvent event) {
        at(now + random.nextLong(1, millis + 1L) * MILLI, app, event);
        if (random.nextInt(10) == 0) {
            at(now + random.nextLong(1, 3_000) * MILLI, app, event);
        }
    }

    void run(long nanos) {
        long until = now + nanos;
        while (!queue.isEmpty() && queue.peek().at() <= until) {
            Later next = queue.poll();
            now = Math.max(now, next.at());
            supervised.take(next.app(), next.event());
        }
        now = until;
    }

    private Set<Integer> compartments(String app) {
        return compartments.computeIfAbsent(app, id -> new HashSet<>());
    }

    private void answer(int millis, String app, SupervisorEvent good, int incarnation, String otherwise) {
        boolean well = calm || random.nextInt(odds) > 0;
        later(millis, app, well ? good : new SupervisorEvent.Broke(incarnation, otherwise));
    }

    void act(String app, SupervisorAction action) {
        switch (action) {
            case SupervisorAction.Start(int incarnation, Edition _) -> {
                compartments(app).add(incarnation);
                answer(200, app, new SupervisorEvent.Started(incarnation), incarnation, "trap in on_start");
            }
            case SupervisorAction.Stop(int incarnation) -> {
                compartments(app).remove(incarnation);
                later(100, app, new SupervisorEvent.Ended(incarnation));
            }
            case SupervisorAction.Discard(int incarnation) -> compartments(app).remove(incarnation);
            case SupervisorAction.Prepare(int incarnation, Edition _, int _) -> {
                compartments(app).add(incarnation);
                answer(700, app, new SupervisorEvent.ShadowDone(incarnation), incarnation, "trap in shadow");
            }
            case SupervisorAction.TakeOver(int incarnation, int _) ->
                answer(5, app, new SupervisorEvent.CutOver(incarnation), incarnation, "trap in restore_state");
            case SupervisorAction.Thaw(int retained) -> {
                assertTrue(compartments(app).contains(retained), () -> told("nothing is frozen"));
                later(1, app, new SupervisorEvent.Started(retained));
            }
            case SupervisorAction.WakeFromBackoff wake ->
                at(wake.atNanos(), app, new SupervisorEvent.BackoffOver(wake.ticket()));
            case SupervisorAction.WakeFromProbation wake ->
                at(wake.atNanos(), app, new SupervisorEvent.ProbationOver(wake.incarnation()));
            case SupervisorAction.WatchGate _ -> later(calm ? 300 : 3_000, app, new SupervisorEvent.GateOpened());
            case SupervisorAction.DropRelease(ReleaseRef release) -> drop(release);
            case SupervisorAction.Purge _ -> {
                if (supervised.purge(app)) {
                    compartments.remove(app);
                } else {
                    at(now + 5_000 * MILLI, app, new SupervisorEvent.AgentStarted());
                }
            }
            case SupervisorAction.ForgetGate _,
                    SupervisorAction.Report _,
                    SupervisorAction.Transition _,
                    SupervisorAction.HandOverData _,
                    SupervisorAction.KeepData _,
                    SupervisorAction.GiveBackData _,
                    SupervisorAction.SettleData _ -> {}
        }
    }

    private static Stream<ReleaseRef> named(DurableSlot slot) {
        return Stream.concat(
                        Stream.of(slot.active(), slot.fallback(), slot.candidate()),
                        slot.deferred().stream().map(DurableSlot.Order::release))
                .flatMap(Optional::stream);
    }

    private void drop(ReleaseRef release) {
        if (supervised.disk().flatMap(RoughShell::named).noneMatch(release::equals)) {
            dropped.add(release);
        }
    }

    /** A package as the store finds it again. */
    ReleaseRef found(ReleaseRef release) {
        assertTrue(!dropped.contains(release), () -> told("the store dropped " + release + ", which is needed"));
        return release;
    }

    /** What holds at any time. */
    void invariants(Iterable<AppSlot> slots) {
        for (AppSlot slot : slots) {
            Set<Integer> own = compartments(slot.appId());
            slot.phase()
                    .occupant()
                    .ifPresent(occupant -> assertTrue(
                            own.contains(occupant) || slot.phase() instanceof Phase.Stopping,
                            () -> told("no compartment for " + slot.phase() + " of " + slot.appId())));
            assertTrue(own.size() <= 4, () -> told("compartments pile up: " + compartments));
            assertTrue(slot.deferred().size() <= 5, () -> told("orders pile up: " + slot.deferred()));
            assertTrue(slot.failures().count() <= Upkeep.MOST_RESTARTS + 1, () -> told("failures pile up"));
        }
        supervised.disk().flatMap(RoughShell::named).forEach(this::found);
    }

    /** A message with the seed and how it came to this. */
    String told(String what) {
        int from = Math.max(0, history.size() - 60);
        return "seed " + seed + ": " + what + "\n" + String.join("\n", history.subList(from, history.size()));
    }
}
