package dev.bulkhead.hal.actuation;

/** Why an owner lost its actuator. The codes are status codes of abi.md. */
public enum LossCause {
    TAKEN_OVER(ActuationOutcome.BUSY, "taken over by a higher priority"),
    LEASE_EXPIRED(ActuationOutcome.LEASE, "lease expired"),
    CONDITION_FALSE(ActuationOutcome.COND, "condition no longer holds"),
    GRANT_WITHDRAWN(ActuationOutcome.PERM, "grant withdrawn"),
    CRASHED(ActuationOutcome.LEASE, "owner crashed"),
    KILLED(ActuationOutcome.LEASE, "owner killed"),
    STOPPED(ActuationOutcome.LEASE, "owner stopped"),
    SWAP_FAILED(ActuationOutcome.LEASE, "swap failed");

    private final ActuationOutcome status;
    private final String words;

    LossCause(ActuationOutcome status, String words) {
        this.status = status;
        this.words = words;
    }

    /** What the loser's event says. */
    public int code() {
        return status.code();
    }

    ActuationOutcome status() {
        return status;
    }

    @Override
    public String toString() {
        return words;
    }
}
