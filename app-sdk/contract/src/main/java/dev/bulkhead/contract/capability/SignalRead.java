package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Read and subscribe to signals.
 *
 * @param rateHz reads and delivered changes per second, per signal; above 0
 */
public record SignalRead(SignalGlob signals, OptionalDouble rateHz) implements Capability {
    public SignalRead {
        Limits.rate(rateHz);
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        if (!(authority instanceof SignalRead other)) {
            return List.of();
        }
        OptionalDouble rate = Limits.lower(rateHz, other.rateHz);
        return signals.intersect(other.signals).stream()
                .<Capability>map(glob -> new SignalRead(glob, rate))
                .toList();
    }

    @Override
    public String toString() {
        return "signal " + signals + " read" + Limits.rateText(rateHz, "Hz");
    }
}
