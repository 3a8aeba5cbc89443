package dev.bulkhead.hal.can;

import java.util.List;

/** A CAN bus the vehicle has, real or virtual. Thread-safe. */
public interface CanBus extends AutoCloseable {
    /** Such as {@code can0}; what grants name. */
    String name();

    /** Whether the bus carries FD frames. */
    boolean fd();

    /**
     * Opens a port: a place to send from and a bounded queue of what others send.
     *
     * @param filters at most {@link CanPort#MAX_FILTERS}; a frame comes in when one accepts it; none: nothing comes in
     * @param depth most frames waiting, 1 to {@link CanPort#MAX_DEPTH}; the oldest is dropped and counted
     * @param reader told when a frame waits after none did
     */
    CanPort open(List<CanFilter> filters, int depth, CanPort.Reader reader);

    /** Counters and state at this moment. */
    CanBusStatus status();

    /** Closes the bus and all its ports. */
    @Override
    void close();
}
