package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;

/**
 * One thing that happened at an actuator, for the audit log.
 *
 * @param timeNanos vehicle clock
 * @param owner who asked, or who lost it
 * @param requested the value asked for
 * @param applied the value sent to the driver
 * @param detail a few words: why refused, why failsafe
 */
public record ActuationRecord(
        long timeNanos,
        Kind kind,
        SignalLeaf actuator,
        ActuatorOwner owner,
        Optional<SignalValue> requested,
        Optional<SignalValue> applied,
        ActuationOutcome outcome,
        String detail) {
    /** What happened. */
    public enum Kind {
        ACQUIRE,
        RENEW,
        SET,
        RELEASE,
        LOST,
        /** The host applied the failsafe in the owner's place. */
        FAILSAFE,
        /** Ownership moved to the next version of the app. */
        HANDOVER
    }
}
