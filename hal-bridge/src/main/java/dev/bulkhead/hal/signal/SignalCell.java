package dev.bulkhead.hal.signal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The present value of one signal. Readers take no lock and allocate nothing: a version number tells them when a writer came between
 * (a sequence lock). Writers of one signal follow each other. Thread-safe.
 */
public final class SignalCell {
    /** Most subscriptions on one signal. */
    static final int MAX_SUBSCRIPTIONS = 4_096;

    private static final SignalSubscription[] NOBODY = {};
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(SignalCell.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SignalLeaf leaf;
    private final Datatype type;

    @SuppressWarnings("unused") // by VERSION
    private long version;

    private long bits;
    private long timeNanos = SignalReading.NEVER;
    private @Nullable SignalValue object;
    private volatile SignalSubscription[] subscriptions = NOBODY;

    SignalCell(SignalLeaf leaf) {
        this.leaf = leaf;
        this.type = leaf.type();
    }

    public SignalLeaf leaf() {
        return leaf;
    }

    /** Fills {@code reading} with one consistent state: value and time belong together. */
    public void read(SignalReading reading) {
        long before;
        do {
            before = settledVersion();
            reading.set(bits, object, timeNanos, 0);
            VarHandle.acquireFence();
        } while (before != (long) VERSION.getOpaque(this));
    }

    /** The value as a double; NaN when there is none or it is no scalar. */
    public double asDouble() {
        long before;
        double value;
        do {
            before = settledVersion();
            value = timeNanos == SignalReading.NEVER || !type.isScalar() ? Double.NaN : type.toDouble(bits);
            VarHandle.acquireFence();
        } while (before != (long) VERSION.getOpaque(this));
        return value;
    }

    /** The value as an integer; 0 when there is none or it is no scalar. */
    public long asLong() {
        long before;
        long value;
        do {
            before = settledVersion();
            value = timeNanos == SignalReading.NEVER ? 0 : type.toLong(bits);
            VarHandle.acquireFence();
        } while (before != (long) VERSION.getOpaque(this));
        return value;
    }

    /** When the value was sampled; {@link SignalReading#NEVER} when there is none. */
    public long timeNanos() {
        long before;
        long time;
        do {
            before = settledVersion();
            time = timeNanos;
            VarHandle.acquireFence();
        } while (before != (long) VERSION.getOpaque(this));
        return time;
    }

    /** The value as an object, which allocates; empty when there is none. */
    public Optional<SignalValue> value() {
        SignalReading reading = new SignalReading();
        read(reading);
        return valueOf(reading);
    }

    /** The value {@code reading} holds, as an object; empty when it is not present. */
    public Optional<SignalValue> valueOf(SignalReading reading) {
        if (!reading.present()) {
            return Optional.empty();
        }
        SignalValue kept = reading.object();
        return Optional.of(kept != null ? kept : new SignalValue.Scalar(type, reading.bits()));
    }

    @SuppressWarnings("ThreadPriorityCheck") // a writer that lost its core in the middle of four stores
    private long settledVersion() {
        long seen = (long) VERSION.getAcquire(this);
        for (int spins = 0; (seen & 1) != 0; spins++) {
            if (spins < 64) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            seen = (long) VERSION.getAcquire(this);
        }
        return seen;
    }

    /** Sets the value and hands it to every subscription; afterwards, outside every lock, wakes their readers. */
    void write(long newBits, @Nullable SignalValue newObject, long newTimeNanos) {
        SignalSubscription[] listening;
        synchronized (this) {
            long now = (long) VERSION.getOpaque(this);
            VERSION.setOpaque(this, now + 1);
            VarHandle.storeStoreFence();
            bits = newBits;
            object = newObject;
            timeNanos = newTimeNanos;
            VERSION.setRelease(this, now + 2);
            listening = subscriptions;
            for (SignalSubscription subscription : listening) {
                subscription.offer(newBits, newObject, newTimeNanos);
            }
        }
        for (SignalSubscription subscription : listening) {
            subscription.wakeReader();
        }
    }

    /** Adds a subscription; with {@code initial} it first gets the present value, and no later one comes before it. */
    synchronized void add(SignalSubscription subscription, boolean initial) {
        int count = subscriptions.length;
        if (count >= MAX_SUBSCRIPTIONS) {
            throw new SubscriptionLimitException(leaf.path(), MAX_SUBSCRIPTIONS);
        }
        SignalSubscription[] grown = Arrays.copyOf(subscriptions, count + 1);
        grown[count] = subscription;
        subscriptions = grown;
        if (initial && timeNanos != SignalReading.NEVER) {
            subscription.offer(bits, object, timeNanos);
        }
    }

    synchronized void remove(SignalSubscription subscription) {
        subscriptions = Arrays.stream(subscriptions)
                .filter(other -> other != subscription)
                .toArray(SignalSubscription[]::new);
    }

    int subscriptionCount() {
        return subscriptions.length;
    }
}
