package dev.bulkhead.agent.drill;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.CompartmentParts;
import dev.bulkhead.agent.lifecycle.ConfigDesk;
import dev.bulkhead.agent.lifecycle.Edition;
import dev.bulkhead.agent.lifecycle.Orchestrator;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.lifecycle.ReleaseContent;
import dev.bulkhead.agent.lifecycle.ReleaseShelf;
import dev.bulkhead.agent.lifecycle.StrandFactory;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Engine;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.PolicyDecider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One practice: hand-overs and restarts of a made-up app, one after the other, until the JVM has compiled the way they take. All its threads
 * rank with the apps'. What goes wrong ends the practice and nothing else. Thread-safe.
 */
public final class Drill implements AutoCloseable {
    /** The JVM compiles a method after 200 calls; some are made only once in a hand-over. */
    public static final int ROUNDS = 300;

    private static final Logger LOG = LoggerFactory.getLogger(Drill.class);
    private static final int ROUNDS_PER_RESTART = 3;
    private static final long PATIENCE_SECONDS = 10;

    private final Engine engine;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final StrandFactory strands;
    private final Strand strand;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Semaphore news = new Semaphore(0);
    private volatile boolean closed;
    private volatile int done;

    private Drill(Engine engine, StrandFactory strands, VehicleClock clock, Scheduler scheduler) {
        this.engine = engine;
        this.strands = (name, depth, rank) -> strands.open(name, depth, Strand.Rank.APP);
        this.clock = clock;
        this.scheduler = scheduler;
        this.strand = this.strands.open("drill", 1, Strand.Rank.APP);
    }

    /**
     * Begins in the background.
     *
     * @param engine the one whose way from module to instance is to be practised
     * @param strands in real time; how a hand-over's are ranked is practised too
     * @param clock runs in real time
     * @param after how long it waits first
     */
    public static Drill begin(
            Engine engine, StrandFactory strands, VehicleClock clock, Scheduler scheduler, Duration after) {
        Drill drill = new Drill(engine, strands, clock, scheduler);
        long start = clock.nanos() + after.toNanos();
        drill.strand.execute(() -> drill.run(start));
        return drill;
    }

    /** Waits until it is over; false when it was not within that time. */
    public boolean await(Duration patience) throws InterruptedException {
        return over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Rounds that went well so far, at most {@link #ROUNDS}. */
    public int done() {
        return done;
    }

    private void run(long start) {
        try {
            if (!closed) {
                strand.parkUntil(start);
            }
            rounds(new PracticeVehicle(clock, scheduler));
        } catch (InterruptedException | KillException e) {
            LOG.debug("the practice was ended after {} rounds", done);
        } catch (RuntimeException e) {
            LOG.debug("the practice ended early", e);
        } finally {
            over.countDown();
            strand.close();
        }
    }

    private void rounds(PracticeVehicle vehicle) throws InterruptedException {
        PracticeStore store = new PracticeStore(PracticeApp.packages());
        List<Edition> editions = store.packages().entrySet().stream()
                .map(each -> new Edition(
                        each.getKey().release(),
                        ReleaseContent.of(each.getValue()).upkeep()))
                .toList();
        Orchestrator orchestrator = new Orchestrator(
                parts(vehicle, store),
                store,
                vehicle.services().audit(),
                new ConfigDesk(store, vehicle.services().config()),
                new SplittableRandom(1));
        orchestrator.onChange(news::release);
        orchestrator.start();
        try {
            for (int round = 0; round < ROUNDS && !closed; round++) {
                vehicle.stir(round);
                if (!went(orchestrator, round, editions.get(round % editions.size()))) {
                    return;
                }
                done = round + 1;
            }
        } finally {
            orchestrator.close();
            orchestrator.kill();
        }
    }

    private CompartmentParts parts(PracticeVehicle vehicle, PracticeStore store) {
        return new CompartmentParts(
                engine,
                store,
                new ReleaseShelf(store),
                vehicle.services(),
                new PolicyInForce(new PolicyDecider(PracticeApp.policy(), ActuatorFrames.none())),
                strands,
                CpuClock::ofThread,
                label -> new SplittableRandom(1),
                (where, fault) -> LOG.debug("practice: {} failed", where, fault));
    }

    /** One hand-over, now and then a restart; true when it went well. */
    private boolean went(Orchestrator orchestrator, int round, Edition next) throws InterruptedException {
        orchestrator.apply(PracticeApp.ID, new SupervisorEvent.Desire(next, "practice-" + round));
        if (!settled(orchestrator, next)) {
            return false;
        }
        if (round % ROUNDS_PER_RESTART == 0) {
            orchestrator.apply(PracticeApp.ID, new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "practice"));
            return settled(orchestrator, next);
        }
        return true;
    }

    /** True once the edition runs and is proven; false when it will not, or too late. */
    private boolean settled(Orchestrator orchestrator, Edition wanted) throws InterruptedException {
        while (!closed) {
            AppSlot slot = orchestrator.app(PracticeApp.ID).map(AppView::slot).orElseThrow();
            if (failed(slot.phase())) {
                return false;
            }
            if (slot.phase() instanceof Phase.Running
                    && slot.trial().isEmpty()
                    && slot.active().equals(Optional.of(wanted))) {
                return true;
            }
            if (!news.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
            news.drainPermits();
        }
        return false;
    }

    private static boolean failed(Phase phase) {
        return switch (phase) {
            case Phase.Failed _, Phase.Backoff _, Phase.Quarantined _, Phase.Removed _ -> true;
            case Phase.Installed _,
                    Phase.Waiting _,
                    Phase.Starting _,
                    Phase.Running _,
                    Phase.Stopping _,
                    Phase.Stopped _ -> false;
        };
    }

    /** Ends it soon, if it has not ended. */
    @Override
    public void close() {
        closed = true;
        strand.interrupt();
    }
}
