package dev.bulkhead.agent.service;

import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Asks threads whether they still turn: each gets a turn that says so, and has so long to run it. One that is slow is asked once, not
 * again and again. Thread-safe.
 */
public final class Pulse {
    /**
     * A thread that must go on.
     *
     * @param name for people, as in a thread dump
     * @param ask hands a turn to the thread and returns at once; one that cannot take it throws or drops it
     */
    public record Vital(String name, Consumer<Runnable> ask) {}

    private final VehicleClock clock;
    private final long limitNanos;
    private final List<Asked> asked;

    private static final class Asked {
        private final Vital vital;
        private final AtomicBoolean answered = new AtomicBoolean(true);
        private long since;

        Asked(Vital vital) {
            this.vital = vital;
        }
    }

    /** @param limitNanos longest time between being asked and answering, above 0 */
    public Pulse(List<Vital> vitals, VehicleClock clock, long limitNanos) {
        this.clock = clock;
        this.limitNanos = limitNanos;
        this.asked = vitals.stream().map(Asked::new).toList();
    }

    /** Asks those that have answered, and names those that have not for longer than they may. Called again and again. */
    public synchronized List<String> look() {
        long now = clock.nanos();
        List<String> still = new ArrayList<>();
        for (Asked each : asked) {
            if (each.answered.compareAndSet(true, false)) {
                each.since = now;
                ask(each);
            } else if (now - each.since > limitNanos) {
                still.add(each.vital.name());
            }
        }
        return still;
    }

    /** A thread that takes no turn has not answered. */
    private static void ask(Asked each) {
        try {
            each.vital.ask().accept(() -> each.answered.set(true));
        } catch (RuntimeException full) {
            each.answered.set(false);
        }
    }
}
