package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.Readings;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contract at one actuator: decides, and keeps what was decided. Time and readings are passed in; it sends nothing anywhere. Not
 * thread-safe: the board's lock guards it.
 */
final class ActuatorState {
    /** A decision about a value: what would be sent, and how it ends. */
    record Decision(ActuationOutcome outcome, SignalValue value) {}

    private final SignalLeaf leaf;
    private final RateLimit rate = new RateLimit();
    private final SlewLimit slew = new SlewLimit();
    private @Nullable Tenure tenure;
    private long holdUntilNanos = Long.MAX_VALUE;

    ActuatorState(SignalLeaf leaf) {
        this.leaf = leaf;
    }

    SignalLeaf leaf() {
        return leaf;
    }

    @Nullable
    Tenure tenure() {
        return tenure;
    }

    boolean ownedBy(ActuatorClaim claim) {
        return tenure != null && tenure.claim() == claim;
    }

    /** The highest priority a grant allows; one that names none allows the lowest. */
    static int highestPriority(SignalActuate grant) {
        return grant.priority().orElse(0);
    }

    /** The longest lease a grant allows. */
    static long longestLease(SignalActuate grant) {
        return grant.leaseMillis().orElse(SignalActuate.LONGEST_LEASE_MILLIS) * 1_000_000;
    }

    /** Why the present owner may no longer be one; empty when it may, or there is none. */
    Optional<LossCause> lapse(long now, Readings readings) {
        if (tenure == null) {
            return Optional.empty();
        }
        if (now >= tenure.untilNanos()) {
            return Optional.of(LossCause.LEASE_EXPIRED);
        }
        return holds(tenure.grant(), readings) ? Optional.empty() : Optional.of(LossCause.CONDITION_FALSE);
    }

    private static boolean holds(SignalActuate grant, Readings readings) {
        return grant.when().isEmpty() || grant.when().get().holds(readings);
    }

    /** Whether {@code claim} may become the owner. Lapses have been dealt with before. */
    ActuationOutcome mayAcquire(
            ActuatorClaim claim, SignalActuate grant, int priority, long leaseNanos, Readings readings) {
        if (priority < 0 || priority > 100 || leaseNanos <= 0) {
            return ActuationOutcome.INVAL;
        }
        if (priority > highestPriority(grant)) {
            return ActuationOutcome.PERM;
        }
        Tenure present = tenure;
        if (present != null && !present.claim().owner().equals(claim.owner()) && priority <= present.priority()) {
            return ActuationOutcome.BUSY;
        }
        if (!holds(grant, readings)) {
            return ActuationOutcome.COND;
        }
        return leaseNanos > longestLease(grant) ? ActuationOutcome.CLAMPED : ActuationOutcome.OK;
    }

    /** Makes {@code claim} the owner after {@link #mayAcquire} agreed. */
    void acquire(ActuatorClaim claim, SignalActuate grant, int priority, long leaseNanos, long now) {
        long lease = Math.min(leaseNanos, longestLease(grant));
        tenure = new Tenure(claim, grant, priority, lease, now + lease);
        holdUntilNanos = Long.MAX_VALUE;
    }

    void become(Tenure next) {
        tenure = next;
    }

    /** Ends the tenure. */
    void vacate() {
        tenure = null;
    }

    /** Notes that the last value is to be held until then, after which the actuator is released. */
    void holdUntil(long nanos) {
        holdUntilNanos = nanos;
    }

    /** True once, when a hold is over. */
    boolean holdIsOver(long now) {
        if (tenure != null || now < holdUntilNanos) {
            return false;
        }
        holdUntilNanos = Long.MAX_VALUE;
        return true;
    }

    /** The next instant at which something ends by itself; {@link Long#MAX_VALUE} for never. */
    long nextDeadline() {
        return tenure != null ? tenure.untilNanos() : holdUntilNanos;
    }

    /** Tells the slew limit where the actuator stands before the first command. */
    void standsAt(double position, long now) {
        slew.startAt(position, now);
    }

    /** Whether {@code value} may be sent for {@code claim}: ownership, type, range, slew, rate. Lapses have been dealt with before. */
    Decision decide(ActuatorClaim claim, SignalValue value, long now) {
        Tenure present = tenure;
        if (present == null || present.claim() != claim) {
            return new Decision(present == null ? ActuationOutcome.LEASE : ActuationOutcome.BUSY, value);
        }
        SignalActuate grant = present.grant();
        ActuationOutcome fit = fit(grant, value);
        if (!fit.done()) {
            return new Decision(fit, value);
        }
        SignalValue clamped = clamp(grant, value, now);
        if (grant.rateHz().isPresent()
                && !rate.allows(claim.owner().app(), grant.rateHz().getAsDouble(), now)) {
            return new Decision(ActuationOutcome.RATE, value);
        }
        return new Decision(clamped.equals(value) ? ActuationOutcome.OK : ActuationOutcome.CLAMPED, clamped);
    }

    private ActuationOutcome fit(SignalActuate grant, SignalValue value) {
        return switch (leaf.fit(value)) {
            case WRONG_TYPE -> ActuationOutcome.TYPE;
            case OUT_OF_RANGE -> ActuationOutcome.RANGE;
            case FITS -> inRange(grant, value) ? ActuationOutcome.OK : ActuationOutcome.RANGE;
        };
    }

    private static boolean inRange(SignalActuate grant, SignalValue value) {
        if (grant.range().isEmpty()) {
            return true;
        }
        return switch (value) {
            case SignalValue.Scalar scalar -> grant.range().get().contains(scalar.asDouble());
            case SignalValue.Items items -> items.items().stream().allMatch(item -> inRange(grant, item));
            case SignalValue.Text text -> false;
        };
    }

    private SignalValue clamp(SignalActuate grant, SignalValue value, long now) {
        if (grant.slewPerSecond().isEmpty() || !(value instanceof SignalValue.Scalar scalar)) {
            return value;
        }
        boolean whole = !leaf.type().isReal();
        double wanted = scalar.asDouble();
        double allowed = slew.clamp(wanted, grant.slewPerSecond().getAsDouble(), whole, now);
        return allowed == wanted
                ? value
                : new SignalValue.Scalar(leaf.type(), leaf.type().fromDouble(allowed));
    }

    /** Keeps that a decided value was sent. */
    void sent(ActuatorClaim claim, SignalValue value, long now) {
        Tenure present = tenure;
        if (present != null && present.grant().rateHz().isPresent()) {
            rate.count(claim.owner().app(), present.grant().rateHz().getAsDouble(), now);
        }
        moved(value, now);
    }

    /** Keeps that the actuator was moved, by an owner or by the host. */
    void moved(SignalValue value, long now) {
        if (value instanceof SignalValue.Scalar scalar) {
            slew.moved(scalar.asDouble(), now);
        }
    }
}
