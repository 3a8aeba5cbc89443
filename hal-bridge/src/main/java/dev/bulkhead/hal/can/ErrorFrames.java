package dev.bulkhead.hal.can;

import dev.bulkhead.hal.can.CanBusStatus.State;
import java.util.Optional;

/** What an error frame of Linux {@code can/error.h} says about the state of the controller. */
public final class ErrorFrames {
    private static final int CONTROLLER = 0x004;
    private static final int BUS_OFF = 0x040;
    private static final int RESTARTED = 0x100;
    private static final int WARNING_BITS = 0x0C;
    private static final int PASSIVE_BITS = 0x30;
    private static final int ACTIVE_BITS = 0x40;

    private ErrorFrames() {}

    /** The state it tells; empty when it tells of something else. */
    public static Optional<State> stateOf(CanFrame error) {
        if ((error.id() & BUS_OFF) != 0) {
            return Optional.of(State.BUS_OFF);
        }
        if ((error.id() & RESTARTED) != 0) {
            return Optional.of(State.ACTIVE);
        }
        if ((error.id() & CONTROLLER) == 0 || error.length() < 2) {
            return Optional.empty();
        }
        int detail = error.byteAt(1);
        if ((detail & PASSIVE_BITS) != 0) {
            return Optional.of(State.PASSIVE);
        }
        if ((detail & WARNING_BITS) != 0) {
            return Optional.of(State.WARNING);
        }
        return (detail & ACTIVE_BITS) != 0 ? Optional.of(State.ACTIVE) : Optional.empty();
    }
}
