package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SubscriptionLimitException;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the board is swept when a lease or hold ends, when a signal that a condition looks at changes, and, since an age grows
 * by itself, every {@value #AGE_CHECK_MILLIS} ms while conditions are in force. Guarded by the board's lock.
 */
final class BoardWatch {
    static final long AGE_CHECK_MILLIS = 20;
    private static final long NOT_ARMED = Long.MAX_VALUE;

    private final SignalStore store;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Runnable sweep;
    private final Map<String, SignalSubscription> subscriptions = new HashMap<>();
    private final SignalReading drain = new SignalReading();
    private @Nullable Scheduled armed;
    private long armedFor = NOT_ARMED;

    BoardWatch(SignalStore store, VehicleClock clock, Scheduler scheduler, Runnable sweep) {
        this.store = store;
        this.clock = clock;
        this.scheduler = scheduler;
        this.sweep = sweep;
    }

    /** The sweep ran: listen anew. */
    void swept() {
        if (armed != null) {
            armed.cancel();
        }
        armed = null;
        armedFor = NOT_ARMED;
        subscriptions.values().forEach(this::drained);
    }

    private void drained(SignalSubscription subscription) {
        while (subscription.poll(drain)) {
            // only the news counts, and that the next one wakes us again
        }
    }

    /** Arms the next sweep for what is active now. */
    void look(boolean changed, Collection<ActuatorPost> active) {
        if (!changed && armedFor != NOT_ARMED) {
            return;
        }
        Set<String> looked = new HashSet<>();
        long next = NOT_ARMED;
        for (ActuatorPost post : active) {
            next = Math.min(next, post.state().nextDeadline());
            Tenure tenure = post.state().tenure();
            if (tenure != null && tenure.grant().when().isPresent()) {
                looked.addAll(tenure.grant().when().get().signals());
                next = Math.min(next, clock.nanos() + AGE_CHECK_MILLIS * 1_000_000);
            }
        }
        listenTo(looked);
        arm(next);
    }

    private void listenTo(Set<String> paths) {
        subscriptions.entrySet().removeIf(entry -> {
            boolean idle = !paths.contains(entry.getKey());
            if (idle) {
                entry.getValue().close();
            }
            return idle;
        });
        for (String path : paths) {
            if (!subscriptions.containsKey(path)) {
                store.tree().find(path).ifPresent(leaf -> subscribe(path, leaf.id()));
            }
        }
    }

    private void subscribe(String path, int id) {
        try {
            Runnable soon = () -> scheduler.at(clock.nanos(), sweep);
            subscriptions.put(path, store.subscribe(id, SubscriptionOptions.latest(), soon));
        } catch (SubscriptionLimitException e) {
            // the age check still notices the change, a little later
            subscriptions.remove(path);
        }
    }

    private void arm(long next) {
        if (next >= armedFor) {
            return;
        }
        if (armed != null) {
            armed.cancel();
        }
        armedFor = next;
        armed = scheduler.at(next, sweep);
    }

    void close() {
        subscriptions.values().forEach(SignalSubscription::close);
        subscriptions.clear();
        if (armed != null) {
            armed.cancel();
        }
    }
}
