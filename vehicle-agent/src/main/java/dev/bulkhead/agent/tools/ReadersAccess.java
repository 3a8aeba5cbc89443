package dev.bulkhead.agent.tools;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.databroker.BrokerAccess;
import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.util.Optional;

/** Everybody may read and nothing else, whatever token is shown. */
final class ReadersAccess implements BrokerAccess {
    private record Reader(String name) implements BrokerCaller {
        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return true;
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return Optional.empty();
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return false;
        }
    }

    @Override
    public Optional<BrokerCaller> caller(Optional<String> token) {
        return Optional.of(new Reader(ScopedAccess.DOOR + ":anybody"));
    }
}
