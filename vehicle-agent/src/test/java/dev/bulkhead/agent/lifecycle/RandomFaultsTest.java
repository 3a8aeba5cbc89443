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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A thousand random lives of one app in virtual time: orders, traps, exits, overruns, kill -9, a disk that fills up, a clock that jumps
 * ahead, an app it needs that comes and goes, late and repeated news. Whatever happens, once it is quiet, what runs is what was wished
 * for. A seed that fails prints itself; {@code -Dbulkhead.seed} repeats it.
 */
class RandomFaultsTest {
    private static final int LIVES = 1_000;
    private static final int STEPS = 120;
    private static final long MILLI = 1_000_000L;
    private static final List<RestartPolicy> POLICIES =
            List.of(RestartPolicy.ALWAYS, RestartPolicy.ON_FAILURE, RestartPolicy.NEVER);

    @Test
    void actualReachesDesiredInEveryLife() {
        Long only = Long.getLong("bulkhead.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? LIVES : only); seed++) {
            Life life = new Life(seed);
            life.live();
            life.settle();
        }
    }

    private static final List<Dependency> NEEDS_BASE =
            List.of(new Dependency(new AppId("com.acme.base"), VersionRange.ANY, false));

    private record Later(long at, long order, SupervisorEvent event, boolean survivesPowerCut) {}

    /** One app, its supervisor, and a shell that carries actions out badly. */
    private static final class Life {
        private final String name;
        private final SplittableRandom random;
        private final PriorityQueue<Later> queue = new PriorityQueue<>(
                java.util.Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
        private final Map<Integer, String> compartments = new HashMap<>();
        private final Set<String> dropped = new HashSet<>();
        private final Map<String, Edition> editions = new HashMap<>();
        private final List<String> history = new ArrayList<>();
        private AppSlot slot = AppSlot.empty("com.acme.app");
        private DurableSlot disk = slot.durable();
        private boolean known;
        private boolean calm;
        private boolean diskFull;
        private Surroundings.Presence base = Surroundings.Presence.UP;
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

        private void fault() {
            switch (random.nextInt(15)) {
                case 0, 1, 2 -> desire();
                case 3 -> event(new SupervisorEvent.Operator(Verb.STOP, "test"));
                case 4 -> event(new SupervisorEvent.Operator(Verb.START, "test"));
                case 5 -> event(new SupervisorEvent.Operator(Verb.RESTART, "test"));
                case 6 ->
                    event(new SupervisorEvent.Operator(random.nextBoolean() ? Verb.ROLLBACK : Verb.QUARANTINE, "test"));
                case 7 -> event(new SupervisorEvent.Broke(anyIncarnation(), "trap"));
                case 8 -> event(new SupervisorEvent.Exited(anyIncarnation(), random.nextInt(2)));
                case 9 -> powerCut();
                case 10 -> event(new SupervisorEvent.GateOpened());
                case 11 -> diskFull = !diskFull;
                case 12 -> jump();
                case 13 -> base(random.nextInt(3) == 0 ? Surroundings.Presence.DOWN : Surroundings.Presence.UP);
                default ->
                    event(
                            random.nextBoolean()
                                    ? new SupervisorEvent.Throttle(anyIncarnation(), random.nextBoolean())
                                    : new SupervisorEvent.Remove("away"));
            }
        }

        /** As after a suspend: everything that was due meanwhile is due at once. */
        private void jump() {
            now += random.nextLong(0, 3_600_000) * MILLI;
            history.add("the clock jumps to " + now / MILLI + " ms");
        }

        private void base(Surroundings.Presence next) {
            base = next;
            event(new SupervisorEvent.NeighbourChanged());
        }

        private int anyIncarnation() {
            return Math.max(1, slot.lastIncarnation() - random.nextInt(3));
        }

        private void desire() {
            int wanted = ++release;
            Edition edition = new Edition(
                    new ReleaseRef("com.acme.app", wanted + ".0.0", wanted, String.format("%064x", wanted)),
                    new Upkeep(
                            POLICIES.get(random.nextInt(3)),
                            1 + random.nextInt(3),
                            20_000 * MILLI,
                            random.nextBoolean() ? SwapMode.HANDOVER : SwapMode.RESTART,
                            random.nextInt(4_000) * MILLI,
                            random.nextInt(4) == 0 ? "Vehicle.Speed == 0" : "",
                            500 * MILLI,
                            random.nextInt(4) == 0 ? NEEDS_BASE : List.of()));
            editions.put(edition.release().packageDigest(), edition);
            known = true;
            event(new SupervisorEvent.Desire(edition, "order-" + wanted));
        }

        /** All that was only in memory is gone. */
        private void powerCut() {
            queue.removeIf(later -> !later.survivesPowerCut());
            compartments.clear();
            if (!known) {
                return;
            }
            slot = Optional.ofNullable(Revival.of(List.of(disk), ref -> edition(Optional.of(ref)))
                            .get(disk.appId()))
                    .orElseThrow();
            history.add("power cut");
            event(new SupervisorEvent.AgentStarted());
        }

        private Optional<Edition> edition(Optional<ReleaseRef> wanted) {
            return wanted.map(ref -> {
                assertTrue(
                        !dropped.contains(ref.packageDigest()),
                        () -> told("the store dropped " + ref + ", which is needed"));
                return editions.get(ref.packageDigest());
            });
        }

        private void event(SupervisorEvent event) {
            if (!known) {
                return;
            }
            step(event);
            while (!diskFull && Deferral.due(slot).isPresent()) {
                SupervisorEvent order = Deferral.due(slot).get();
                slot = Deferral.without(slot);
                step(order);
            }
        }

        private void step(SupervisorEvent event) {
            history.add(now / MILLI + " ms: " + event);
            Surroundings others = id -> Optional.of(new Surroundings.Standing("1.0.0", base, base.name()));
            Step step = Supervisor.step(slot, event, now, random.nextDouble(), others);
            if (diskFull && !step.slot().durable().equals(disk)) {
                refused(event);
                return;
            }
            slot = step.slot();
            disk = slot.durable();
            step.actions().forEach(this::act);
            invariants();
        }

        /** What cannot be written down is not done: whoever asked is told, news is taken again later. */
        private void refused(SupervisorEvent event) {
            history.add("the disk is full");
            boolean asked = event instanceof SupervisorEvent.Operator
                    || event instanceof SupervisorEvent.Desire
                    || event instanceof SupervisorEvent.Remove;
            if (slot.equals(AppSlot.empty(slot.appId()))) {
                known = false;
            } else if (!asked) {
                at(now + 5_000 * MILLI, event);
            }
        }

        private void act(SupervisorAction action) {
            switch (action) {
                case SupervisorAction.Start start -> {
                    compartments.put(start.incarnation(), "live");
                    boolean well = calm || random.nextInt(4) > 0;
                    later(
                            200,
                            well
                                    ? new SupervisorEvent.Started(start.incarnation())
                                    : new SupervisorEvent.Broke(start.incarnation(), "trap in on_start"));
                }
                case SupervisorAction.Stop stop -> {
                    compartments.remove(stop.incarnation());
                    later(100, new SupervisorEvent.Ended(stop.incarnation()));
                }
                case SupervisorAction.Discard discard -> compartments.remove(discard.incarnation());
                case SupervisorAction.Prepare prepare -> {
                    compartments.put(prepare.incarnation(), "shadow");
                    boolean well = calm || random.nextInt(3) > 0;
                    later(
                            700,
                            well
                                    ? new SupervisorEvent.ShadowDone(prepare.incarnation())
                                    : new SupervisorEvent.Broke(prepare.incarnation(), "trap in shadow"));
                }
                case SupervisorAction.TakeOver over -> {
                    boolean well = calm || random.nextInt(3) > 0;
                    later(
                            5,
                            well
                                    ? new SupervisorEvent.CutOver(over.incarnation())
                                    : new SupervisorEvent.Broke(over.incarnation(), "trap in restore_state"));
                }
                case SupervisorAction.Thaw thaw -> {
                    assertTrue(compartments.containsKey(thaw.retained()), () -> told("nothing is frozen"));
                    later(1, new SupervisorEvent.Started(thaw.retained()));
                }
                case SupervisorAction.WakeFromBackoff wake ->
                    at(wake.atNanos(), new SupervisorEvent.BackoffOver(wake.ticket()));
                case SupervisorAction.WakeFromProbation wake ->
                    at(wake.atNanos(), new SupervisorEvent.ProbationOver(wake.incarnation()));
                case SupervisorAction.WatchGate _ -> later(calm ? 300 : 5_000, new SupervisorEvent.GateOpened());
                case SupervisorAction.DropRelease drop -> drop(drop.release());
                case SupervisorAction.Purge _
                when diskFull -> at(now + 5_000 * MILLI, new SupervisorEvent.AgentStarted());
                case SupervisorAction.Purge _ -> {
                    known = false;
                    slot = AppSlot.empty("com.acme.app");
                    disk = slot.durable();
                    compartments.clear();
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

        /** As the shell does: only what no role names. */
        private void drop(ReleaseRef ref) {
            boolean named = List.of(disk.active(), disk.fallback(), disk.candidate()).stream()
                            .flatMap(Optional::stream)
                            .anyMatch(ref::equals)
                    || disk.deferred().stream()
                            .flatMap(order -> order.release().stream())
                            .anyMatch(ref::equals);
            if (!named) {
                dropped.add(ref.packageDigest());
            }
        }

        private void later(int millis, SupervisorEvent event) {
            at(now + random.nextLong(1, millis + 1L) * MILLI, event);
            if (random.nextInt(10) == 0) {
                at(now + random.nextLong(1, 3_000) * MILLI, event);
            }
        }

        private void at(long nanos, SupervisorEvent event) {
            queue.add(new Later(nanos, order++, event, false));
        }

        private void run(long nanos) {
            long until = now + nanos;
            while (!queue.isEmpty() && queue.peek().at() <= until) {
                Later next = queue.poll();
                now = Math.max(now, next.at());
                event(next.event());
            }
            now = until;
        }

        private void invariants() {
            if (!known) {
                return;
            }
            slot.phase()
                    .occupant()
                    .ifPresent(occupant -> assertTrue(
                            compartments.containsKey(occupant) || slot.phase() instanceof Phase.Stopping,
                            () -> told("no compartment for " + slot.phase())));
            assertTrue(compartments.size() <= 4, () -> told("compartments pile up: " + compartments));
            assertTrue(slot.failures().count() <= Upkeep.MOST_RESTARTS + 1, () -> told("failures pile up"));
            List.of(disk.active(), disk.fallback(), disk.candidate()).stream()
                    .flatMap(Optional::stream)
                    .forEach(ref -> assertTrue(
                            !dropped.contains(ref.packageDigest()), () -> told(ref + " was dropped and is needed")));
        }

        void settle() {
            calm = true;
            diskFull = false;
            base(Surroundings.Presence.UP);
            run(120_000 * MILLI);
            if (!known) {
                return;
            }
            switch (slot.wish()) {
                case RUN ->
                    assertTrue(
                            (slot.active().isEmpty() && slot.phase() instanceof Phase.Installed)
                                    || slot.phase() instanceof Phase.Running
                                    || slot.phase() instanceof Phase.Quarantined
                                    || slot.phase() instanceof Phase.Failed
                                    || slot.phase() instanceof Phase.Stopped,
                            () -> told("wished to run, is " + slot.phase()));
                case STOP ->
                    assertTrue(
                            slot.phase().occupant().isEmpty() && !(slot.phase() instanceof Phase.Backoff),
                            () -> told("wished to rest, is " + slot.phase()));
                case ABSENT -> throw new AssertionError(told("wished away, is " + slot.phase()));
            }
            assertTrue(slot.candidate().isEmpty(), () -> told("a candidate is left over: " + slot.candidate()));
            assertEquals(Optional.empty(), slot.retained(), () -> told("a frozen version is left over"));
        }

        private String told(String what) {
            int from = Math.max(0, history.size() - 40);
            return name + ": " + what + "\n" + String.join("\n", history.subList(from, history.size()));
        }
    }
}
