package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import dev.bulkhead.agent.lifecycle.Upkeep.RestartPolicy;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import dev.bulkhead.contract.manifest.AppId;
import dev.bulkhead.contract.manifest.Dependency;
import dev.bulkhead.contract.manifest.VersionRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * repeats it, {@code -Dbulkhead.lives} tries more.
 */
class RandomEnsemblesTest {
    private static final int LIVES = Integer.getInteger("bulkhead.lives", 1_000);
    private static final int STEPS = 60;
    private static final long MILLI = RoughShell.MILLI;
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
                only != null || (proven > LIVES / 2 && returned > LIVES / 2),
                () -> proven + " came in, " + returned + " went back");
    }

    /** What became of the members of one ensemble, by app. */
    private record Fate(Set<String> members, Map<String, String> words) {
        Fate(Set<String> members) {
            this(members, new HashMap<>());
        }
    }

    private static final class Life implements RoughShell.Supervised {
        private final RoughShell shell;
        private final SplittableRandom random;
        private final Map<ReleaseRef, Edition> editions = new HashMap<>();
        private final Map<String, Fate> fates = new TreeMap<>();
        private final TreeMap<String, DurableSlot> disk = new TreeMap<>();
        private TreeMap<String, AppSlot> slots = new TreeMap<>();
        private boolean diskFull;
        private int release;

        Life(long seed) {
            this.shell = new RoughShell(seed, 6, this);
            this.random = shell.random;
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                fault();
                shell.run(random.nextLong(0, 3_000) * MILLI);
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
            List<Dependency> needs = place > 0 && !shell.calm() && random.nextInt(3) == 0
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

        @Override
        public void take(String app, SupervisorEvent event) {
            if (app.startsWith("ensemble-")) {
                follow("gates of " + app + " open", all -> all.gatesOpen(app));
                return;
            }
            if (!follow(app + " " + event, next -> next.take(app, event))) {
                boolean asked = event instanceof SupervisorEvent.Operator
                        || event instanceof SupervisorEvent.Desire
                        || event instanceof SupervisorEvent.Remove;
                if (!asked) {
                    shell.at(shell.now() + 5_000 * MILLI, app, event);
                }
            }
        }

        @Override
        public Stream<DurableSlot> disk() {
            return disk.values().stream();
        }

        @Override
        public boolean purge(String app) {
            slots.remove(app);
            disk.remove(app);
            return true;
        }

        /** False when it cannot be written down: then nothing of it is done. */
        private boolean follow(String what, Consumer<Consequences> event) {
            shell.note(what);
            Consequences next = new Consequences(slots, shell.now(), random::nextDouble);
            event.accept(next);
            next.settle();
            if (diskFull && !next.durable().isEmpty()) {
                shell.note("the disk is full");
                return false;
            }
            next.durable().forEach(slot -> disk.put(slot.appId(), slot));
            List<String> changed = next.changed().stream().map(AppSlot::appId).toList();
            next.changed().forEach(slot -> slots.put(slot.appId(), slot));
            next.reports().forEach(this::told);
            next.due().forEach(due -> shell.act(due.before().appId(), due.action()));
            next.ensembles().stream()
                    .filter(ensemble -> !ensemble.gates().isEmpty())
                    .forEach(ensemble ->
                            shell.at(shell.now() + 700 * MILLI, ensemble.id(), new SupervisorEvent.GateOpened()));
            invariants();
            for (String app : changed) {
                new Neighbourhood(slots).graph().dependents(app).forEach(dependent -> {
                    if (!changed.contains(dependent)) {
                        shell.at(shell.now(), dependent, new SupervisorEvent.NeighbourChanged());
                    }
                });
            }
            return true;
        }

        private void told(UpdateReport report) {
            shell.note("  " + report);
            Fate fate = fates.get(report.assignment());
            if (fate != null && report.outcome().settled()) {
                fate.words()
                        .put(
                                report.release().appId(),
                                report.outcome() instanceof UpdateOutcome.Proven ? "in" : "back");
            }
        }

        private void powerCut() {
            shell.powerCut();
            slots = new TreeMap<>(
                    Revival.of(List.copyOf(disk.values()), ref -> Optional.ofNullable(editions.get(shell.found(ref)))));
            for (String app : List.copyOf(slots.keySet())) {
                take(app, new SupervisorEvent.AgentStarted());
            }
        }

        private void invariants() {
            shell.invariants(slots.values());
            fates.forEach(this::whole);
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
            shell.calmDown();
            diskFull = false;
            for (int round = 0; round < 3; round++) {
                for (String app : APPS) {
                    allThere(app, round);
                }
                shell.run(100_000 * MILLI);
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
            return shell.told(what) + "\n"
                    + String.join(
                            "\n", slots.values().stream().map(AppSlot::toString).toList());
        }
    }
}
