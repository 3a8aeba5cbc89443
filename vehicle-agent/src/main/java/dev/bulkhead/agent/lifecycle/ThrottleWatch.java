package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.Scarce;
import dev.bulkhead.agent.sandbox.Budget;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells when an occupant begins to be held back for its CPU quota, and when that has been over for two periods. Strand only. */
final class ThrottleWatch {
    private final LongSupplier clock;
    private final Consumer<Boolean> changed;
    private boolean on;
    private long lastNanos;

    ThrottleWatch(LongSupplier clock, Consumer<Boolean> changed) {
        this.clock = clock;
        this.changed = changed;
    }

    /** The quota is used up and the guest is about to be parked. */
    void held(Occupant occupant) {
        long quota = occupant.budget().quotaNanos();
        lastNanos = clock.getAsLong();
        occupant.session().exceeded("cpu", quota, occupant.account().usage().periodNanos(), "throttled");
        if (occupant.budget().onExceed() == Budget.OnExceed.DEGRADE) {
            occupant.session().warn(Scarce.CPU, 0);
        }
        if (!on) {
            on = true;
            changed.accept(true);
        }
    }

    /** Looks whether it is over. */
    void look(Occupant occupant) {
        if (on && clock.getAsLong() >= lastNanos + 2 * occupant.budget().periodNanos()) {
            on = false;
            changed.accept(false);
        }
    }
}
