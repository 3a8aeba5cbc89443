package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * When a release hands over: right after an event it has handled, so that the next one has all the time there is, or after a while without one. Not
 * before the steps that led there have let go of the processors, and those that follow wait as long. What events wait for is urgent meanwhile.
 */
final class HandOverMoment {
    private static final long CALM_NANOS = 5_000_000L;
    private static final long IDLE_NANOS = 2_000_000L;
    private static final long SETTLED_NANOS = 2 * CALM_NANOS;

    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final GuardedStrand strand;
    private final Queue<Runnable> due = new ArrayDeque<>(); // strand only

    HandOverMoment(VehicleClock clock, Scheduler scheduler, GuardedStrand strand) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.strand = strand;
    }

    /** The live release: calls {@code handOver} on the strand when the moment has come. Any thread. */
    void await(Runnable handOver) {
        after(
                CALM_NANOS,
                () -> strand.turn("be ready", () -> {
                    strand.strand().rank(Strand.Rank.URGENT);
                    due.add(handOver);
                }));
        after(CALM_NANOS + IDLE_NANOS, () -> strand.turn("hand over", this::come));
    }

    /** The live release: on the strand, between two deliveries. */
    void come() {
        for (Runnable handOver = due.poll(); handOver != null; handOver = due.poll()) {
            try {
                handOver.run();
            } finally {
                strand.strand().rank(Strand.Rank.APP);
            }
        }
    }

    /** The next release is about to take over. On the strand. */
    void approach() {
        strand.strand().rank(Strand.Rank.URGENT);
    }

    /** The next release took over: {@code tell} is called once events no longer wait. Any thread. */
    void tell(Runnable tell) {
        after(CALM_NANOS, tell);
    }

    /** The next release has its strand back, and is an app as others are before long. Any thread. */
    void settle() {
        after(SETTLED_NANOS, () -> strand.offer("settle", () -> strand.strand().rank(Strand.Rank.APP)));
    }

    private void after(long nanos, Runnable task) {
        scheduler.at(clock.nanos() + nanos, task);
    }
}
