package dev.bulkhead.hal.signal;

import dev.bulkhead.hal.signal.SubscriptionOptions.Mode;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's view of one signal: a bounded queue between the writers and one reader. A reader that never comes costs a writer
 * nothing but the oldest value. Thread-safe.
 */
public final class SignalSubscription implements AutoCloseable {
    private final SignalCell cell;
    private final SubscriptionOptions options;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Runnable onReady;
    private final Runnable onClose;
    private final ValueRing ring;
    private final AtomicBoolean wakeDue = new AtomicBoolean();

    // all below guarded by this
    private boolean closed;
    private boolean delivered;
    private long lastDeliveryNanos;
    private long lastBits;
    private @Nullable SignalValue lastObject;
    private boolean lastWasMissing;
    private boolean holding;
    private long heldBits;
    private @Nullable SignalValue heldObject;
    private long heldTimeNanos;
    private @Nullable Scheduled release;
    private long droppedTotal;
    private long droppedUnread;

    SignalSubscription(
            SignalCell cell,
            SubscriptionOptions options,
            VehicleClock clock,
            Scheduler scheduler,
            Runnable onReady,
            Runnable onClose) {
        this.cell = cell;
        this.options = options;
        this.clock = clock;
        this.scheduler = scheduler;
        this.onReady = onReady;
        this.onClose = onClose;
        this.ring = new ValueRing(options.mode() == Mode.LATEST ? 1 : options.depth());
    }

    public SignalLeaf leaf() {
        return cell.leaf();
    }

    public SubscriptionOptions options() {
        return options;
    }

    /** Takes the oldest waiting value, or returns false. A value withdrawn by its driver arrives as one that is not present. */
    public synchronized boolean poll(SignalReading reading) {
        if (!ring.take(reading, droppedUnread)) {
            return false;
        }
        droppedUnread = 0;
        return true;
    }

    /** How many values wait. */
    public synchronized int waiting() {
        return ring.size();
    }

    /** How many values were dropped from a full queue since the subscription began. */
    public synchronized long dropped() {
        return droppedTotal;
    }

    /** Ends the subscription. What waits can still be read. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            holding = false;
            if (release != null) {
                release.cancel();
            }
        }
        cell.remove(this);
        onClose.run();
    }

    /** Called by the cell, in the order of writes. */
    synchronized void offer(long bits, @Nullable SignalValue object, long timeNanos) {
        if (closed || (delivered && !worthHearing(bits, object, timeNanos == SignalReading.NEVER))) {
            return;
        }
        if (options.minIntervalNanos() > 0 && delivered) {
            long now = clock.nanos();
            if (now - lastDeliveryNanos < options.minIntervalNanos()) {
                hold(bits, object, timeNanos);
                return;
            }
            lastDeliveryNanos = now;
        } else if (options.minIntervalNanos() > 0) {
            lastDeliveryNanos = clock.nanos();
        }
        holding = false;
        deliver(bits, object, timeNanos);
    }

    private boolean worthHearing(long bits, @Nullable SignalValue object, boolean missing) {
        if (missing != lastWasMissing) {
            return true;
        }
        Datatype type = leaf().type();
        if (!type.isScalar()) {
            return !options.changesOnly() || object == null || !object.equals(lastObject);
        }
        if (options.deadband() > 0 && !missing) {
            return Math.abs(type.toDouble(bits) - type.toDouble(lastBits)) >= options.deadband();
        }
        return !options.changesOnly() || bits != lastBits;
    }

    private void hold(long bits, @Nullable SignalValue object, long timeNanos) {
        holding = true;
        heldBits = bits;
        heldObject = object;
        heldTimeNanos = timeNanos;
        if (release == null) {
            release = scheduler.at(lastDeliveryNanos + options.minIntervalNanos(), this::releaseHeld);
        }
    }

    private void releaseHeld() {
        synchronized (this) {
            release = null;
            if (closed || !holding) {
                return;
            }
            holding = false;
            lastDeliveryNanos = clock.nanos();
            deliver(heldBits, heldObject, heldTimeNanos);
        }
        wakeReader();
    }

    private void deliver(long bits, @Nullable SignalValue object, long timeNanos) {
        delivered = true;
        lastBits = bits;
        lastObject = object;
        lastWasMissing = timeNanos == SignalReading.NEVER;
        if (ring.isEmpty()) {
            wakeDue.set(true);
        }
        if (ring.put(bits, object, timeNanos) && options.mode() == Mode.QUEUE) {
            droppedTotal++;
            droppedUnread++;
        }
    }

    /** Runs the reader's wake-up once for each time the queue stopped being empty; holds no lock meanwhile. */
    void wakeReader() {
        if (wakeDue.compareAndSet(true, false)) {
            onReady.run();
        }
    }
}
