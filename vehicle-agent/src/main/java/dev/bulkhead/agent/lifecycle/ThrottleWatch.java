package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.Scarce;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.contract.manifest.Manifest.Throttled;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells when an occupant begins to be held back for its CPU quota, when that has been over for two periods, and when it happens more
 * persistently than its manifest allows; where that says nothing, once for each time that it goes on for a hundred periods. Strand only.
 */
final class ThrottleWatch {
    /** So persistent that it is told, where the manifest does not say what is too persistent. */
    private static final Throttled FOR_EVER = new Throttled(100, 100);

    private final LongSupplier clock;
    private final Consumer<Boolean> changed;
    private final Consumer<String> persistent;
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private boolean on;
    private boolean told;
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
        Optional<Throttled> most = occupant.content().manifest().health().throttled();
        if (persistent(occupant, most.orElse(FOR_EVER))) {
            if (most.isPresent()) {
                occupant.session()
                        .exceeded(
                                "throttled periods",
                                most.get().most(),
                                most.get().most(),
                                "killed");
                persistent.accept(howOften(most.get()));
            } else if (!told) {
                told = true;
                tell(occupant);
            }
        }
    }

    private static String howOften(Throttled most) {
        return "it used up its CPU quota in " + most.most() + " of " + most.of() + " periods";
    }

    /** An app that nobody wants to fail for it goes on, but not unnoticed. */
    private static void tell(Occupant occupant) {
        occupant.session().exceeded("throttled periods", FOR_EVER.most(), FOR_EVER.most(), "throttled");
        occupant.session()
                .hostLog(
                        "WARN",
                        howOften(FOR_EVER) + " and goes on: give it more with budget.cpu, or set health.throttled"
                                + " if it is to count as failed");
    }

    /** The guest is held back until its period ends, so that this is called once in a period at most. */
    private boolean persistent(Occupant occupant, Throttled most) {
        long span = most.of() * occupant.budget().periodNanos();
        held.addLast(lastNanos);
        while (lastNanos - held.getFirst() >= span) {
            held.removeFirst();
        }
        boolean often = held.size() >= most.most();
        if (often) {
            held.clear();
        }
        return often;
    }

    /** Looks whether it is over. */
    void look(Occupant occupant) {
        if (on && clock.getAsLong() >= lastNanos + 2 * occupant.budget().periodNanos()) {
            on = false;
            told = false;
            changed.accept(false);
        }
    }
}
