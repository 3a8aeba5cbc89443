package dev.bulkhead.hal.can;

/**
 * A bus at one moment.
 *
 * @param received frames seen on the bus
 * @param sent frames sent from this side
 * @param dropped frames lost on their way to a port, over all ports
 * @param errors error frames seen
 */
public record CanBusStatus(State state, long received, long sent, long dropped, long errors) {

    /** Fault confinement state as ISO 11898-1 names it, and one for an interface that is not there. */
    public enum State {
        ACTIVE,
        WARNING,
        PASSIVE,
        BUS_OFF,
        DOWN
    }
}
