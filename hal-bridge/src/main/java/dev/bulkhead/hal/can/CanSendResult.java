package dev.bulkhead.hal.can;

/** What became of a frame that was to be sent. */
public enum CanSendResult {
    SENT,
    /** The transmit queue is full; try again. */
    TRY_AGAIN,
    /** The controller is bus-off. */
    BUS_OFF,
    /** The interface is down, gone or closed. */
    NO_DEVICE,
    /** The bus does not carry such a frame: FD on a classic bus, or an error frame. */
    NOT_CARRIED
}
