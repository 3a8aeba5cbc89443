package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Strand;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * The one strand on which news of apps, timers and gates becomes steps. Every turn on it runs under the orchestrator's lock, and nothing
 * that goes wrong in a turn ends it. Thread-safe; its methods return at once.
 */
final class ControlStrand {
    private static final int DEPTH = 4_096;
    private static final long RETRY_NANOS = 5_000_000_000L;

    private final CompartmentParts parts;
    private final Executor locked;
    private final BiConsumer<String, SupervisorEvent> step;
    private final Strand strand;
    private volatile boolean closing;

    /**
     * @param locked runs a turn under the orchestrator's lock
     * @param step takes one step of one app
     */
    ControlStrand(CompartmentParts parts, Executor locked, BiConsumer<String, SupervisorEvent> step) {
        this.parts = parts;
        this.locked = locked;
        this.step = step;
        this.strand = parts.strands().open("control", DEPTH, Strand.Rank.AGENT);
    }

    /** Takes news about an app. News that cannot be written down is taken again later. */
    void post(String appId, SupervisorEvent event) {
        turn(() -> {
            try {
                step.accept(appId, event);
            } catch (NotDurableException e) {
                parts.hostFaults().failed("store", e);
                again(appId, event);
            }
        });
    }

    /** Posts the event at that time of the monotonic clock. */
    void later(String appId, long atNanos, SupervisorEvent event) {
        parts.host().scheduler().at(atNanos, () -> post(appId, event));
    }

    /** Posts an event once more that failed for reasons of the disk. */
    void again(String appId, SupervisorEvent event) {
        later(appId, parts.host().clock().nanos() + RETRY_NANOS, event);
    }

    /** Runs any turn. */
    void turn(Runnable turn) {
        boolean taken = strand.execute(() -> {
            try {
                locked.execute(turn);
            } catch (RuntimeException e) {
                parts.hostFaults().failed("control", e);
            }
        });
        if (!taken && !closing) {
            parts.hostFaults().failed("control", new IllegalStateException("the control strand is full"));
        }
    }

    /** True once the agent is going down: apps are ended and nothing new begins. */
    boolean closing() {
        return closing;
    }

    /** From now on apps are only ended. */
    void beginClosing() {
        closing = true;
    }

    /** Takes no more turns. */
    void close() {
        closing = true;
        strand.close();
    }
}
