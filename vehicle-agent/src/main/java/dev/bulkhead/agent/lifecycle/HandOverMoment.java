package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.HostServices;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * When a live release hands over: right after an event it has handled, so that the next one has all the time there is, or after a while
 * without one. Not before the steps that led there have let go of the processors; and while it is due the strand ranks with the agent's.
 */
final class HandOverMoment {
    private static final long CALM_NANOS = 5_000_000L;
    private static final long IDLE_NANOS = 2_000_000L;

    private final HostServices host;
    private final GuardedStrand strand;
    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    /** @param strand the one of the live release */
    HandOverMoment(HostServices host, GuardedStrand strand) {
        this.host = host;
        this.strand = strand;
    }

    /** Calls {@code handOver} on the strand when the moment has come. Any thread. */
    void await(Runnable handOver) {
        long calm = host.clock().nanos() + CALM_NANOS;
        host.scheduler().at(calm, () -> {
            strand.strand().rank(Strand.Rank.AGENT);
            due.add(handOver);
        });
        host.scheduler().at(calm + IDLE_NANOS, () -> strand.turn("hand over", this::come));
    }

    /** On the strand, between two deliveries. */
    void come() {
        for (Runnable handOver = due.poll(); handOver != null; handOver = due.poll()) {
            try {
                handOver.run();
            } finally {
                strand.strand().rank(Strand.Rank.APP);
            }
        }
    }
}
