package dev.bulkhead.hal.signal;

import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The present value of every signal of one tree. Reads are O(1) by {@link SignalLeaf#id()}; hot readers keep the {@link SignalCell}.
 * Publishing checks the type, not the range: a sensor out of its range is news, not an error. Thread-safe.
 */
public final class SignalStore {
    private final SignalTree tree;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final int maxSubscriptions;
    private final List<SignalCell> cells;
    private final AtomicInteger subscriptions = new AtomicInteger();

    /**
     * Starts with no value but the defaults that attributes and others bring along.
     *
     * @param maxSubscriptions most subscriptions at a time over all signals
     */
    public SignalStore(SignalTree tree, VehicleClock clock, Scheduler scheduler, int maxSubscriptions) {
        this.tree = tree;
        this.clock = clock;
        this.scheduler = scheduler;
        this.maxSubscriptions = maxSubscriptions;
        this.cells = tree.leaves().stream().map(SignalCell::new).toList();
        for (SignalLeaf leaf : tree.leaves()) {
            leaf.defaultValue()
                    .filter(value -> leaf.kind() == LeafKind.ATTRIBUTE)
                    .ifPresent(value -> publish(leaf.id(), value, clock.nanos()));
        }
    }

    public SignalTree tree() {
        return tree;
    }

    public VehicleClock clock() {
        return clock;
    }

    public SignalCell cell(int id) {
        return cells.get(id);
    }

    public Optional<SignalCell> cell(String path) {
        return tree.find(path).map(leaf -> cells.get(leaf.id()));
    }

    /** Publishes a number; returns false, and changes nothing, when the leaf's type cannot hold it. */
    public boolean publish(int id, double value, long timeNanos) {
        SignalCell cell = cells.get(id);
        Datatype type = cell.leaf().type();
        if (!type.holds(value)) {
            return false;
        }
        cell.write(type.fromDouble(value), null, stamped(timeNanos));
        return true;
    }

    /** Publishes an integer or boolean; returns false, and changes nothing, when the leaf's type cannot hold it. */
    public boolean publish(int id, long value, long timeNanos) {
        SignalCell cell = cells.get(id);
        Datatype type = cell.leaf().type();
        if (!type.holds(value)) {
            return false;
        }
        cell.write(type.fromLong(value), null, stamped(timeNanos));
        return true;
    }

    /** Publishes a value of exactly the leaf's type; returns false, and changes nothing, when it has another. */
    public boolean publish(int id, SignalValue value, long timeNanos) {
        SignalCell cell = cells.get(id);
        if (value.type() != cell.leaf().type()) {
            return false;
        }
        switch (value) {
            case SignalValue.Scalar scalar -> cell.write(scalar.bits(), null, stamped(timeNanos));
            case SignalValue.Text text -> cell.write(0, text, stamped(timeNanos));
            case SignalValue.Items items -> cell.write(0, items, stamped(timeNanos));
        }
        return true;
    }

    /** Takes the value away, as when a sensor is lost; subscribers get a reading that is not present. */
    public void withdraw(int id) {
        cells.get(id).write(0, null, SignalReading.NEVER);
    }

    /**
     * Subscribes to one signal.
     *
     * @param onReady runs when a value waits after none did; must be short, must not block, may run on any publishing thread
     * @throws SubscriptionLimitException when there are too many already
     */
    public SignalSubscription subscribe(int id, SubscriptionOptions options, Runnable onReady) {
        if (subscriptions.incrementAndGet() > maxSubscriptions) {
            subscriptions.decrementAndGet();
            throw new SubscriptionLimitException("the signal store", maxSubscriptions);
        }
        SignalCell cell = cells.get(id);
        SignalSubscription subscription =
                new SignalSubscription(cell, options, clock, scheduler, onReady, subscriptions::decrementAndGet);
        try {
            cell.add(subscription, options.initial());
        } catch (SubscriptionLimitException e) {
            subscriptions.decrementAndGet();
            throw e;
        }
        subscription.wakeReader();
        return subscription;
    }

    /** How many subscriptions there are. */
    public int subscriptionCount() {
        return subscriptions.get();
    }

    private static long stamped(long timeNanos) {
        if (timeNanos == SignalReading.NEVER) {
            throw new IllegalArgumentException("a published value needs a time");
        }
        return timeNanos;
    }
}
