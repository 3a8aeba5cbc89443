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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A thousand random lives of one app in virtual time: orders, traps, exits, overruns, kill -9, a disk that fills up, a clock that jumps
 * ahead, an app it needs that comes and goes, late and repeated news. Whatever happens, once it is quiet, what runs is what was wished
 * for. A seed that fails prints itself; {@code -Dbulkhead.seed} repeats it, {@code -Dbulkhead.lives} tries more.
 */
class RandomFaultsTest {
    private static final int LIVES = Integer.getInteger("bulkhead.lives", 1_000);
    private static final int STEPS = 120;
    private static final long MILLI = RoughShell.MILLI;
    private static final String APP = "com.acme.app";
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

    /** One app and its supervisor. */
    private static final class Life implements RoughShell.Supervised {
        private final RoughShell shell;
        private final SplittableRandom random;
        private final Map<ReleaseRef, Edition> editions = new HashMap<>();
        private AppSlot slot = AppSlot.empty(APP);
        private DurableSlot disk = slot.durable();
        private boolean known;
        private boolean diskFull;
        private Surroundings.Presence base = Surroundings.Presence.UP;
        private int release;

        Life(long seed) {
            this.shell = new RoughShell(seed, 3, this);
            this.random = shell.random;
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                fault();
                shell.run(random.nextLong(0, 3_000) * MILLI);
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
                case 12 -> shell.jump(random.nextLong(0, 3_600_000) * MILLI);
                case 13 -> base(random.nextInt(3) == 0 ? Surroundings.Presence.DOWN : Surroundings.Presence.UP);
                default ->
                    event(
                            random.nextBoolean()
                                    ? new SupervisorEvent.Throttle(anyIncarnation(), random.nextBoolean())
                                    : new SupervisorEvent.Remove("away"));
            }
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
                    new ReleaseRef(APP, wanted + ".0.0", wanted, String.format("%064x", wanted)),
                    new Upkeep(
                            POLICIES.get(random.nextInt(3)),
                            1 + random.nextInt(3),
                            20_000 * MILLI,
                            random.nextBoolean() ? SwapMode.HANDOVER : SwapMode.RESTART,
                            random.nextInt(4_000) * MILLI,
                            random.nextInt(4) == 0 ? "Vehicle.Speed == 0" : "",
                            500 * MILLI,
                            random.nextInt(4) == 0 ? NEEDS_BASE : List.of()));
            editions.put(edition.release(), edition);
            known = true;
            event(new SupervisorEvent.Desire(edition, "order-" + wanted));
        }

        private void powerCut() {
            shell.powerCut();
            if (known) {
                slot = Optional.ofNullable(
                                Revival.of(List.of(disk), ref -> Optional.ofNullable(editions.get(shell.found(ref))))
                                        .get(APP))
                        .orElseThrow();
                event(new SupervisorEvent.AgentStarted());
            }
        }

        @Override
        public void take(String app, SupervisorEvent event) {
            event(event);
        }

        @Override
        public Stream<DurableSlot> disk() {
            return known ? Stream.of(disk) : Stream.empty();
        }

        @Override
        public boolean purge(String app) {
            if (!diskFull) {
                known = false;
                slot = AppSlot.empty(APP);
                disk = slot.durable();
            }
            return !diskFull;
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
            shell.note(event.toString());
            Surroundings others = id -> Optional.of(new Surroundings.Standing("1.0.0", base, base.name()));
            Step step = Supervisor.step(slot, event, shell.now(), random.nextDouble(), others);
            if (diskFull && !step.slot().durable().equals(disk)) {
                refused(event);
                return;
            }
            slot = step.slot();
            disk = slot.durable();
            step.actions().forEach(action -> shell.act(APP, action));
            if (known) {
                shell.invariants(List.of(slot));
            }
        }

        /** What cannot be written down is not done: whoever asked is told, news is taken again later. */
        private void refused(SupervisorEvent event) {
            shell.note("the disk is full");
            boolean asked = event instanceof SupervisorEvent.Operator
                    || event instanceof SupervisorEvent.Desire
                    || event instanceof SupervisorEvent.Remove;
            if (slot.equals(AppSlot.empty(slot.appId()))) {
                known = false;
            } else if (!asked) {
                shell.at(shell.now() + 5_000 * MILLI, APP, event);
            }
        }

        void settle() {
            shell.calmDown();
            diskFull = false;
            base(Surroundings.Presence.UP);
            shell.run(120_000 * MILLI);
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
                            () -> shell.told("wished to run, is " + slot.phase()));
                case STOP ->
                    assertTrue(
                            slot.phase().occupant().isEmpty() && !(slot.phase() instanceof Phase.Backoff),
                            () -> shell.told("wished to rest, is " + slot.phase()));
                case ABSENT -> throw new AssertionError(shell.told("wished away, is " + slot.phase()));
            }
            assertTrue(slot.candidate().isEmpty(), () -> shell.told("a candidate is left over: " + slot.candidate()));
            assertEquals(Optional.empty(), slot.retained(), () -> shell.told("a frozen version is left over"));
        }
    }
}
