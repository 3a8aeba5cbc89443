package dev.bulkhead.hal.databroker;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.util.Optional;

/** A caller and what it may do. Every question about a denial is a recorded one: implementations audit. Thread-safe. */
public interface BrokerCaller {
    /** What the audit log calls it. */
    String name();

    /** Whether it is still let in; a token that expired ends the streams it opened. */
    default boolean valid() {
        return true;
    }

    boolean mayRead(SignalLeaf leaf);

    /**
     * Takes one read of a signal it may read from what it is given in a second; false when there is none left.
     */
    default boolean takeRead(SignalLeaf leaf) {
        return true;
    }

    /** Least time between two values of the signal on a subscription, in nanoseconds; 0: none. */
    default long leastIntervalNanos(SignalLeaf leaf) {
        return 0;
    }

    /** Whether a list of signals shows it; no attempt to read, so nothing is recorded. */
    default boolean mayList(SignalLeaf leaf) {
        return mayRead(leaf);
    }

    /** The contract under which it may actuate; empty when it may not. */
    Optional<SignalActuate> mayActuate(SignalLeaf leaf);

    /** Whether it may publish values of this signal, or carry out its actuation. */
    boolean mayProvide(SignalLeaf leaf);
}
