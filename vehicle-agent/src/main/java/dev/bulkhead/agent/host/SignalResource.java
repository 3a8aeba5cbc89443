package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalCell;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.security.audit.UsageCounter;
import org.jspecify.annotations.Nullable;

/** An open signal: what it may be used for under the epoch it was decided in. Strand only. */
final class SignalResource implements Resource {
    private final SignalCell cell;
    private final Datatype type;
    private final boolean scalar;
    private final int mode;
    private final long ageLimitNanos;
    private final UsageCounter reads;
    private int handle;
    private long epoch;
    private boolean readable;
    private @Nullable TokenBucket rate;
    private @Nullable ActuatorClaim claim;
    private @Nullable Tenancy wished;
    private @Nullable SignalFeed feed;
    private @Nullable SubscriptionOptions lent;
    private long uses;

    SignalResource(SignalCell cell, int mode, UsageCounter reads) {
        this.cell = cell;
        this.type = cell.leaf().type();
        this.scalar = type.isScalar();
        this.mode = mode;
        this.reads = reads;
        this.ageLimitNanos = cell.leaf().ageLimit().toNanos();
    }

    SignalCell cell() {
        return cell;
    }

    Datatype type() {
        return type;
    }

    /** Whether its values fit in 64 bits. */
    boolean scalar() {
        return scalar;
    }

    int mode() {
        return mode;
    }

    long ageLimitNanos() {
        return ageLimitNanos;
    }

    int handle() {
        return handle;
    }

    void handle(int given) {
        handle = given;
    }

    boolean decidedIn(long current) {
        return epoch == current;
    }

    /** Puts the resource under a decision of this epoch. */
    void decided(long current, @Nullable SignalRead read, long nowNanos) {
        epoch = current;
        readable = read != null;
        if (read == null || read.rateHz().isEmpty()) {
            rate = null;
        } else if (rate == null || rate.perSecond() != read.rateHz().getAsDouble()) {
            rate = new TokenBucket(read.rateHz().getAsDouble(), nowNanos);
        }
    }

    boolean readable() {
        return readable;
    }

    /** The least time between two deliveries that the grant allows, in nanoseconds. */
    long leastIntervalNanos() {
        return rate == null ? 0 : (long) (1e9 / rate.perSecond());
    }

    /** Counts one read; false when it comes sooner than granted. */
    boolean read(long nowNanos) {
        if (rate != null && !rate.take(nowNanos)) {
            return false;
        }
        uses++;
        reads.touch();
        return true;
    }

    void commanded() {
        uses++;
    }

    @Nullable
    ActuatorClaim claim() {
        return claim;
    }

    void claim(@Nullable ActuatorClaim given) {
        claim = given;
    }

    @Nullable
    SignalFeed feed() {
        return feed;
    }

    void feed(@Nullable SignalFeed given) {
        feed = given;
    }

    /** What was asked for while muted, to be had when outputs become real. */
    record Tenancy(int priority, long leaseNanos) {}

    @Nullable
    Tenancy wished() {
        return wished;
    }

    void wished(@Nullable Tenancy tenancy) {
        wished = tenancy;
    }

    /** True when a subscription like this one stands here, or stood here before it was lent. */
    boolean wouldTake(SubscriptionOptions options) {
        SubscriptionOptions mine = feed == null ? lent : feed.options();
        return options.equals(mine);
    }

    /** Gives the subscription to another version and remembers it. */
    void lend() {
        if (feed != null) {
            lent = feed.options();
            feed = null;
        }
    }

    @Override
    public String subject() {
        return cell.leaf().path();
    }

    @Override
    public long heldBytes() {
        return HeldMemory.HANDLE;
    }

    @Override
    public long uses() {
        return uses;
    }

    void unsubscribe() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
    }

    @Override
    public void close() {
        unsubscribe();
        if (claim != null) {
            claim.close();
            claim = null;
        }
    }
}
