package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import dev.bulkhead.agent.lifecycle.Upkeep.RestartPolicy;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import dev.bulkhead.contract.manifest.AppId;
import dev.bulkhead.contract.manifest.Dependency;
import dev.bulkhead.contract.manifest.VersionRange;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A thousand random lives of four apps that change as one in random company, in virtual time: traps, exits, kill -9, a disk that fills up,
 * operators, single orders in between, late and repeated news. An ensemble is all there or not at all: whenever nothing of it is under way
 * any more, either every member was proven or every member was sent back. A seed that fails prints itself; {@code -Dbulkhead.seed}
 * repeats it.
 */
class RandomEnsemblesTest {
    private static final int LIVES = 1_000;
    private static final int STEPS = 60;
    private static final long MILLI = 1_000_000L;
    private static final List<String> APPS = List.of("com.acme.a", "com.acme.b", "com.acme.c", "com.acme.d");

    private static final List<Verb> VERBS = List.of(Verb.values());

    private static int proven;
    private static int returned;

    @Test
    void inEveryLifeAnEnsembleComesInWholeOrNotAtAll() {
        Long only = Long.getLong("bulkhead.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? LIVES : only); seed++) {
            Life life = new Life(seed);
            life.live();
            life.settle();
        }
        assertTrue(
                only != null || (proven > 500 && returned > 500),
                () -> proven + " came in, " + returned + " went back");
    }

    private record Later(long at, long order, String app, SupervisorEvent event) {}

    /** What became of the members of one ensemble, by app. */
    private record Fate(Set<String> members, Map<String, String> words) {
        Fate(Set<String> members) {
            this(members, new HashMap<>());
        }
    }

    private static final class Life {
        private final String name;
        private final SplittableRandom random;
        private final PriorityQueue<Later> queue =
                new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
        private final Map<String, Set<Integer>> compartments = new HashMap<>();
        private final Map<ReleaseRef, Edition> editions = new HashMap<>();
        private final Set<ReleaseRef> dropped = new HashSet<>();
        private final Map<String, Fate> fates = new TreeMap<>();
        private final List<String> history = new ArrayList<>();
        private TreeMap<String, AppSlot> slots = new TreeMap<>();
        private final TreeMap<String, DurableSlot> disk = new TreeMap<>();
        private boolean calm;
        private boolean diskFull;
        private long now;
        private long order;
        private int release;

        Life(long seed) {
            this.name = "seed " + seed;
            this.random = new SplittableRandom(seed);
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                fault();
                run(random.nextLong(0, 3_000) * MILLI);
            }
        }

        private String anyApp() {
            return APPS.get(random.nextInt(APPS.size()));
        }

        private int anyIncarnation(String app) {
            AppSlot slot = slots.get(app);
            return slot == null ? 1 : Math.max(1, slot.lastIncarnation() - random.nextInt(3));
        }

        private void fault() {
            String app = anyApp();
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> together();
                case 5 -> take(app, new SupervisorEvent.Desire(edition(app), "single-" + release));
                case 6 -> take(app, new SupervisorEvent.Operator(VERBS.get(random.nextInt(VERBS.size())), "test"));
                case 7 -> take(app, new SupervisorEvent.Operator(Verb.START, "test"));
                case 8, 9 -> take(app, new SupervisorEvent.Broke(anyIncarnation(app), "trap"));
                case 10 -> take(app, new SupervisorEvent.Exited(anyIncarnation(app), random.nextInt(2)));
                case 11, 12 -> powerCut();
                case 13 -> diskFull = !diskFull;
                case 14 -> take(app, new SupervisorEvent.Remove("away-" + release));
                default -> take(app, new SupervisorEvent.GateOpened());
            }
        }

        private Edition edition(String app) {
            int number = ++release;
            int place = APPS.indexOf(app);
            List<Dependency> needs = place > 0 && !calm && random.nextInt(3) == 0
                    ? List.of(new Dependency(new AppId(APPS.get(place - 1)), VersionRange.ANY, random.nextBoolean()))
                    : List.of();
            Edition edition = new Edition(
                    new ReleaseRef(app, number + ".0.0", number, String.format("%064x", number)),
                    new Upkeep(
                            random.nextBoolean() ? RestartPolicy.ALWAYS : RestartPolicy.ON_FAILURE,
                            3,
                            20_000 * MILLI,
                            random.nextInt(3) > 0 ? SwapMode.HANDOVER : SwapMode.RESTART,
                            random.nextInt(3_000) * MILLI,
                            random.nextInt(5) == 0 ? "Vehicle.Speed == 0" : "",
                            500 * MILLI,
                            needs));
            editions.put(edition.release(), edition);
            return edition;
        }

        /** As the orchestrator does it: not while one of them is busy, and what they were in before goes back first. */
        private void together() {
            Set<String> members = new HashSet<>();
            while (members.size() < 2 + random.nextInt(3)) {
                members.add(anyApp());
            }
            for (String app : members) {
                AppSlot slot = slots.get(app);
                if (slot != null && !released(slot)) {
                    return;
                }
            }
            String id = "ensemble-" + ++release;
            List<SupervisorEvent.Enlist> wishes = members.stream()
                    .map(app -> new SupervisorEvent.Enlist(edition(app), id, id))
                    .toList();
            if (follow(
                    id,
                    next -> wishes.forEach(
                            wish -> next.take(wish.edition().release().appId(), wish)))) {
                fates.put(id, new Fate(members));
            }
        }

        private boolean released(AppSlot slot) {
            Optional<Part> part = slot.part();
            boolean busy = Stream.concat(
                            Stream.of(slot),
                            slots.values().stream()
                                    .filter(other -> part.isPresent()
                                            && other.part()
                                                    .filter(p -> p.ensemble()
                                                            .equals(part.get().ensemble()))
                                                    .isPresent()))
                    .anyMatch(one -> Replacement.cuttingOver(one) || one.wish() == AppSlot.Wish.ABSENT);
            if (busy) {
                return false;
            }
            return part.isEmpty()
                    || follow(
                            "break",
                            next -> next.take(
                                    slot.appId(),
                                    new SupervisorEvent.Cue(
                                            slot.appId(),
                                            part.get().ensemble(),
                                            SupervisorEvent.Move.BREAK,
                                            "superseded")));
        }

        private void take(String app, SupervisorEvent event) {
            if (!follow(app + " " + event, next -> next.take(app, event))) {
                boolean asked = event instanceof SupervisorEvent.Operator
                        || event instanceof SupervisorEvent.Desire
                        || event instanceof SupervisorEvent.Remove;
                if (!asked) {
                    queue.add(new Later(now + 5_000 * MILLI, order++, app, event));
                }
            }
        }

        /** False when it cannot be written down: then nothing of it is done. */
        private boolean follow(String what, Consumer<Consequences> event) {
            history.add(now / MILLI + " ms: " + what);
            Consequences next = new Consequences(slots, now, random::nextDouble);
            event.accept(next);
            next.settle();
            if (diskFull && !next.durable().isEmpty()) {
                history.add("the disk is full");
                return false;
            }
            next.durable().forEach(slot -> disk.put(slot.appId(), slot));
            List<String> changed = next.changed().stream().map(AppSlot::appId).toList();
            next.changed().forEach(slot -> slots.put(slot.appId(), slot));
            next.reports().forEach(this::told);
            next.due().forEach(this::act);
            next.ensembles().stream()
                    .filter(ensemble -> !ensemble.gates().isEmpty())
                    .forEach(ensemble -> queue.add(
                            new Later(now + 700 * MILLI, order++, ensemble.id(), new SupervisorEvent.GateOpened())));
            invariants();
            for (String app : changed) {
                new Neighbourhood(slots).graph().dependents(app).forEach(dependent -> {
                    if (!changed.contains(dependent)) {
                        queue.add(new Later(now, order++, dependent, new SupervisorEvent.NeighbourChanged()));
                    }
                });
            }
            return true;
        }

        private void told(UpdateReport report) {
            history.add("  " + report);
            Fate fate = fates.get(report.assignment());
            if (fate != null && report.outcome().settled()) {
                fate.words()
                        .put(
                                report.release().appId(),
                                report.outcome() instanceof UpdateOutcome.Proven ? "in" : "back");
            }
        }

        private void powerCut() {
            history.add("power cut");
            queue.clear();
            compartments.clear();
            slots = new TreeMap<>(Revival.of(List.copyOf(disk.values()), ref -> {
                assertTrue(!dropped.contains(ref), () -> told("the store dropped " + ref + ", which is needed"));
                return Optional.ofNullable(editions.get(ref));
            }));
            for (String app : List.copyOf(slots.keySet())) {
                take(app, new SupervisorEvent.AgentStarted());
            }
        }

        private Set<Integer> compartments(String app) {
            return compartments.computeIfAbsent(app, id -> new HashSet<>());
        }

        private void act(Consequences.Due due) {
            String app = due.before().appId();
            boolean well = calm || random.nextInt(6) > 0;
            switch (due.action()) {
                case SupervisorAction.Start start -> {
                    compartments(app).add(start.incarnation());
                    later(
                            200,
                            app,
                            well
                                    ? new SupervisorEvent.Started(start.incarnation())
                                    : new SupervisorEvent.Broke(start.incarnation(), "trap in on_start"));
                }
                case SupervisorAction.Stop stop -> {
                    compartments(app).remove(stop.incarnation());
                    later(100, app, new SupervisorEvent.Ended(stop.incarnation()));
                }
                case SupervisorAction.Discard discard -> compartments(app).remove(discard.incarnation());
                case SupervisorAction.Prepare prepare -> {
                    compartments(app).add(prepare.incarnation());
                    later(
                            700,
                            app,
                            well
                                    ? new SupervisorEvent.ShadowDone(prepare.incarnation())
                                    : new SupervisorEvent.Broke(prepare.incarnation(), "trap in shadow"));
                }
                case SupervisorAction.TakeOver over ->
                    later(
                            5,
                            app,
                            well
                                    ? new SupervisorEvent.CutOver(over.incarnation())
                                    : new SupervisorEvent.Broke(over.incarnation(), "trap in restore_state"));
                case SupervisorAction.Thaw thaw -> {
                    assertTrue(compartments(app).contains(thaw.retained()), () -> told("nothing is frozen"));
                    later(1, app, new SupervisorEvent.Started(thaw.retained()));
                }
                case SupervisorAction.WakeFromBackoff wake ->
                    queue.add(new Later(wake.atNanos(), order++, app, new SupervisorEvent.BackoffOver(wake.ticket())));
                case SupervisorAction.WakeFromProbation wake ->
                    queue.add(new Later(
                            wake.atNanos(), order++, app, new SupervisorEvent.ProbationOver(wake.incarnation())));
                case SupervisorAction.WatchGate _ -> later(700, app, new SupervisorEvent.GateOpened());
                case SupervisorAction.DropRelease drop -> drop(drop.release());
                case SupervisorAction.Purge _ -> {
                    slots.remove(app);
                    disk.remove(app);
                    compartments.remove(app);
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

        private void drop(ReleaseRef ref) {
            if (disk.values().stream().flatMap(Life::named).noneMatch(ref::equals)) {
                dropped.add(ref);
            }
        }

        private void later(int millis, String app, SupervisorEvent event) {
            queue.add(new Later(now + random.nextLong(1, millis + 1L) * MILLI, order++, app, event));
            if (random.nextInt(10) == 0) {
                queue.add(new Later(now + random.nextLong(1, 3_000) * MILLI, order++, app, event));
            }
        }

        private void run(long nanos) {
            long until = now + nanos;
            while (!queue.isEmpty() && queue.peek().at() <= until) {
                Later next = queue.poll();
                now = Math.max(now, next.at());
                if (next.app().startsWith("ensemble-")) {
                    follow("gates of " + next.app() + " open", all -> all.gatesOpen(next.app()));
                } else {
                    take(next.app(), next.event());
                }
            }
            now = until;
        }

        private void invariants() {
            for (AppSlot slot : slots.values()) {
                slot.phase()
                        .occupant()
                        .ifPresent(occupant -> assertTrue(
                                compartments(slot.appId()).contains(occupant) || slot.phase() instanceof Phase.Stopping,
                                () -> told("no compartment for " + slot.phase() + " of " + slot.appId())));
                assertTrue(compartments(slot.appId()).size() <= 4, () -> told("compartments pile up: " + compartments));
                assertTrue(slot.deferred().size() <= 5, () -> told("orders pile up: " + slot.deferred()));
            }
            disk.values().stream()
                    .flatMap(Life::named)
                    .forEach(ref -> assertTrue(!dropped.contains(ref), () -> told(ref + " was dropped and is needed")));
            fates.forEach((id, fate) -> whole(id, fate));
        }

        /** Nobody is settled alone: an ensemble has all its members on their way, or all of them at one end. */
        private void whole(String id, Fate fate) {
            Set<String> words = new HashSet<>(fate.words().values());
            assertTrue(words.size() < 2, () -> told(id + " came in by halves: " + fate.words()));
            boolean underWay = slots.values().stream()
                    .anyMatch(slot -> slot.part()
                            .filter(part -> part.ensemble().equals(id))
                            .isPresent());
            assertTrue(words.isEmpty() || !underWay, () -> told(id + " is told and goes on: " + fate.words()));
            if (!underWay) {
                assertEquals(fate.members(), fate.words().keySet(), () -> told(id + " left members without an answer"));
            }
        }

        void settle() {
            calm = true;
            diskFull = false;
            for (int round = 0; round < 3; round++) {
                for (String app : APPS) {
                    allThere(app, round);
                }
                run(100_000 * MILLI);
            }
            for (AppSlot slot : slots.values()) {
                assertTrue(slot.candidate().isEmpty(), () -> told("a candidate is left over: " + slot));
                assertEquals(Optional.empty(), slot.part(), () -> told("an ensemble is left over: " + slot));
                assertEquals(Optional.empty(), slot.retained(), () -> told("a frozen version is left over"));
                assertEquals(List.of(), slot.deferred(), () -> told("an order is left over"));
                assertEquals(AppSlot.Wish.RUN, slot.wish(), () -> told("wish of " + slot));
                boolean rests = slot.active().isEmpty()
                        || slot.phase() instanceof Phase.Running
                        || slot.phase() instanceof Phase.Quarantined
                        || slot.phase() instanceof Phase.Stopped
                        || slot.phase() instanceof Phase.Failed
                        || slot.phase() instanceof Phase.Waiting;
                assertTrue(rests, () -> told("wished to run, is " + slot.phase()));
            }
            for (Fate fate : fates.values()) {
                if (fate.words().containsValue("in")) {
                    proven++;
                } else {
                    returned++;
                }
            }
        }

        /** What is missing may be what others wait for; so may a member of an ensemble that waits for an app that waits for it. */
        private void allThere(String app, int round) {
            AppSlot slot = slots.get(app);
            boolean missing =
                    slot == null || (slot.active().isEmpty() && (slot.part().isEmpty() || round > 0));
            take(
                    app,
                    missing
                            ? new SupervisorEvent.Desire(edition(app), "last-" + release)
                            : new SupervisorEvent.Operator(Verb.START, "test"));
        }

        private String told(String what) {
            int from = Math.max(0, history.size() - 60);
            return name + ": " + what + "\n" + String.join("\n", history.subList(from, history.size())) + "\n"
                    + String.join(
                            "\n", slots.values().stream().map(AppSlot::toString).toList());
        }
    }
}
