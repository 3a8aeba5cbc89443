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

    /** Whether a list of signals shows it; no attempt to read, so nothing is recorded. */
    default boolean mayList(SignalLeaf leaf) {
        return mayRead(leaf);
    }

    /** The contract under which it may actuate; empty when it may not. */
    Optional<SignalActuate> mayActuate(SignalLeaf leaf);

    /** Whether it may publish values of this signal, or carry out its actuation. */
    boolean mayProvide(SignalLeaf leaf);
}
