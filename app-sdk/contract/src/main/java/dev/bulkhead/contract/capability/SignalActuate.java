package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.Decimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Own and set actuators, under a contract (capabilities.md, "Actuation contract").
 *
 * @param range values outside are refused
 * @param slewPerSecond steepest change, in the signal's unit per second; steeper ones are clamped
 * @param rateHz sets per second; faster ones are refused
 * @param leaseMillis longest lease, 1..3600000
 * @param priority highest priority the app may acquire with, 0..100
 * @param failsafe what the host does when the owner can no longer answer
 * @param when must hold for acquire and set, and while owned
 */
public record SignalActuate(
        SignalGlob signals,
        Optional<ValueRange> range,
        OptionalDouble slewPerSecond,
        OptionalDouble rateHz,
        OptionalLong leaseMillis,
        OptionalInt priority,
        Optional<Failsafe> failsafe,
        Optional<Condition> when)
        implements Capability {
    /** The longest lease that can be granted, in milliseconds. */
    public static final long LONGEST_LEASE_MILLIS = 3_600_000;

    public SignalActuate {
        Limits.rate(rateHz);
        if (slewPerSecond.isPresent() && !(slewPerSecond.getAsDouble() > 0)) {
            throw new IllegalArgumentException("slew must be above 0");
        }
        if (leaseMillis.isPresent()
                && (leaseMillis.getAsLong() < 1 || leaseMillis.getAsLong() > LONGEST_LEASE_MILLIS)) {
            throw new IllegalArgumentException("lease must be 1..3600000 ms, not " + leaseMillis.getAsLong());
        }
        if (priority.isPresent() && (priority.getAsInt() < 0 || priority.getAsInt() > 100)) {
            throw new IllegalArgumentException("priority must be 0..100, not " + priority.getAsInt());
        }
    }

    /** Actuation without any limit. */
    public static SignalActuate unlimited(SignalGlob signals) {
        return new SignalActuate(
                signals,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        if (!(authority instanceof SignalActuate other)) {
            return List.of();
        }
        Optional<ValueRange> common = range.isEmpty() ? other.range : range;
        if (range.isPresent() && other.range.isPresent()) {
            common = range.get().intersect(other.range.get());
            if (common.isEmpty()) {
                return List.of();
            }
        }
        Optional<ValueRange> narrowed = common;
        return signals.intersect(other.signals).stream()
                .<Capability>map(glob -> narrowed(glob, narrowed, other))
                .toList();
    }

    private SignalActuate narrowed(SignalGlob glob, Optional<ValueRange> common, SignalActuate other) {
        return new SignalActuate(
                glob,
                common,
                Limits.lower(slewPerSecond, other.slewPerSecond),
                Limits.lower(rateHz, other.rateHz),
                Limits.lower(leaseMillis, other.leaseMillis),
                Limits.lower(priority, other.priority),
                other.failsafe.or(() -> failsafe),
                Limits.both(when, other.when));
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder("signal ").append(signals).append(" actuate");
        range.ifPresent(r -> line.append(" range=").append(r));
        slewPerSecond.ifPresent(
                s -> line.append(" slew<=").append(Decimal.text(s)).append("/s"));
        line.append(Limits.rateText(rateHz, "Hz"));
        leaseMillis.ifPresent(l -> line.append(" lease<=").append(l).append("ms"));
        priority.ifPresent(p -> line.append(" priority=").append(p));
        failsafe.ifPresent(f -> line.append(" failsafe=").append(f));
        return line.append(Limits.whenText(when)).toString();
    }
}
