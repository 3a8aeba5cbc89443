package dev.bulkhead.hal.actuation;

/** What became of a request to the board. The codes are the status codes of abi.md. */
public enum ActuationOutcome {
    OK(0),
    /** Carried out, but nearer to where the actuator stood than asked for (slew), or for less time (lease). */
    CLAMPED(1),
    /** The grant does not reach so far: priority, or it was taken back. */
    PERM(-1),
    /** Malformed: a negative time, the same actuator twice in one batch. */
    INVAL(-3),
    /** The value is not of the actuator's type. */
    TYPE(-4),
    /** Too soon after the command before. */
    RATE(-8),
    /** Outside the grant's range, the signal's range or its allowed values. */
    RANGE(-9),
    /** Another owns the actuator, with the same priority or a higher one. */
    BUSY(-10),
    /** The grant's condition does not hold. */
    COND(-11),
    /** Not owned: never acquired, or the lease is over. */
    LEASE(-12),
    /** No driver carries commands for this actuator, or it cannot now. */
    NODEV(-13),
    /** The audit log can take no more; nothing moves unrecorded. */
    NOSPC(-15),
    /** The claim was closed. */
    BADH(-17);

    private final int code;

    ActuationOutcome(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** True when the request was carried out, clamped or not. */
    public boolean done() {
        return code >= 0;
    }
}
