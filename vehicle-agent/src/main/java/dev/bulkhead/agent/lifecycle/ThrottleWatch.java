package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.Scarce;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.contract.manifest.Manifest.Throttled;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells when an occupant begins to be held back for its CPU quota, when that has been over for two periods, and when it happens more
 * persistently than its manifest allows. Strand only.
 */
final class ThrottleWatch {
    private final LongSupplier clock;
    private final Consumer<Boolean> changed;
    private final Consumer<String> persistent;
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private boolean on;
    private long lastNanos;

    /** @param persistent told how persistent it was */
    ThrottleWatch(LongSupplier clock, Consumer<Boolean> changed, Consumer<String> persistent) {
        this.clock = clock;
        this.persistent = persistent;
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
        occupant.content().manifest().health().throttled().ifPresent(most -> count(occupant, most));
    }

    /** The guest is held back until its period ends, so that this is called once in a period at most. */
    private void count(Occupant occupant, Throttled most) {
        long span = most.of() * occupant.budget().periodNanos();
        held.addLast(lastNanos);
        while (lastNanos - held.getFirst() >= span) {
            held.removeFirst();
        }
        if (held.size() >= most.most()) {
            occupant.session().exceeded("throttled periods", most.most(), held.size(), "killed");
            persistent.accept("it used up its CPU quota in " + held.size() + " of " + most.of() + " periods");
            held.clear();
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
