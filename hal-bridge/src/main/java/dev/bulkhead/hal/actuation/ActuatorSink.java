package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;

/**
 * Where a driver takes commands that passed every check. Called one at a time and in order, with the board's lock held: must return
 * at once (hand slow work to a queue of its own) and must not call back into the board.
 */
public interface ActuatorSink {
    /** Whether a command for this actuator could be carried out now; when not, nothing is sent and the app is told {@code NODEV}. */
    boolean ready(SignalLeaf actuator);

    /** Carries the command out; false when it could not be. */
    boolean apply(SignalLeaf actuator, SignalValue value);

    /** Gives the actuator back to the vehicle's own control. */
    void release(SignalLeaf actuator);
}
