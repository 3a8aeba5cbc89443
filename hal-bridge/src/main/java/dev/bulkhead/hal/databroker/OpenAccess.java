package dev.bulkhead.hal.databroker;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Lets everybody do everything, for a virtual vehicle on a developer's own machine. Never for a vehicle on the road. */
public final class OpenAccess implements BrokerAccess {
    private static final long LEASE_MILLIS = 60_000;

    private record Anybody(String name) implements BrokerCaller {
        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return true;
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return Optional.of(everything(leaf));
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return true;
        }
    }

    /** Lowest priority and a lease of a minute: apps come first. */
    static SignalActuate everything(SignalLeaf leaf) {
        return new SignalActuate(
                new SignalGlob(leaf.path()),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(LEASE_MILLIS),
                OptionalInt.of(0),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public Optional<BrokerCaller> caller(Optional<String> token) {
        return Optional.of(new Anybody("databroker:anybody"));
    }
}
