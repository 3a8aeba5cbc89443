package dev.bulkhead.hal.actuation;

/** The ear of the audit log. Called in the order of events with the board's lock held: must only queue. */
public interface ActuationListener {
    void happened(ActuationRecord event);

    /** False when no more can be recorded: then acquire and set are refused with {@code NOSPC}; failsafes still work. */
    default boolean canRecord() {
        return true;
    }
}
