package dev.bulkhead.agent.lifecycle;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets one compartment stop after others have. */
final class StopOrder {
    private StopOrder() {}

    /** Runs {@code then} once all of {@code others} are over, at once when they are. */
    static void after(List<Compartment> others, Runnable then) {
        AtomicInteger left = new AtomicInteger(others.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                then.run();
            }
        };
        others.forEach(other -> other.departure().then(one));
        one.run();
    }
}
