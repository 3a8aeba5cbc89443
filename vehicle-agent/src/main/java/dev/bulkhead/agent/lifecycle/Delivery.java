package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.EventWriter;
import dev.bulkhead.agent.host.Percentile;
import dev.bulkhead.agent.sandbox.Outcome;
import java.util.concurrent.atomic.AtomicLong;

/** Hands waiting events to one occupant, batch by batch. Strand only, but for the figures. */
final class Delivery {
    /** Events in a row that the app may answer with a negative status before it counts as failed. */
    private static final int MOST_REFUSALS = 10;

    private final Occupant occupant;
    private final EventWriter writer;
    private final AtomicLong events = new AtomicLong();
    private final Percentile callbacks = new Percentile();
    private int refusals;

    Delivery(Occupant occupant) {
        this.occupant = occupant;
        this.writer = new EventWriter(Math.max(1, occupant.instance().eventCapacity()));
    }

    /** Delivers what waits, as far as it fits in one batch. */
    Verdict next() {
        writer.clear();
        occupant.session().inbox().take(writer);
        int count = writer.count();
        if (count == 0) {
            return new Verdict.Well();
        }
        long before = occupant.account().usage().totalNanos();
        Outcome outcome = occupant.instance().deliver(writer.records(), count);
        callbacks.add(occupant.account().usage().totalNanos() - before);
        events.addAndGet(count);
        return answered(outcome);
    }

    private Verdict answered(Outcome outcome) {
        Verdict verdict = Verdict.of(outcome, occupant);
        if (!(outcome instanceof Outcome.Returned returned) || returned.status() >= 0) {
            refusals = 0;
            return verdict;
        }
        refusals++;
        return refusals < MOST_REFUSALS || !(verdict instanceof Verdict.Well)
                ? verdict
                : new Verdict.Failed(
                        "on_event answered " + returned.status() + ", " + MOST_REFUSALS + " times in a row");
    }

    /** Events delivered so far. Any thread. */
    long events() {
        return events.get();
    }

    /** CPU of the last callbacks, 99th percentile. Any thread. */
    long callbackP99() {
        return callbacks.p99();
    }
}
