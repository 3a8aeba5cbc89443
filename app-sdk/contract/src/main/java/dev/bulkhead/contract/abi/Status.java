package dev.bulkhead.contract.abi;

import java.util.Arrays;
import java.util.Optional;

/** What a host function answers (abi.md, "Status codes"); where it answers a length, count or handle, that is 0 or more. */
public enum Status {
    OK(0, "done"),
    CLAMPED(1, "done, but the value was limited (slew); the actuator got less than asked"),
    PERM(-1, "no grant; the audit log names the rule"),
    NOENT(-2, "there is no such signal, bus, key, timer or message"),
    INVAL(-3, "an argument is out of its bounds"),
    TYPE(-4, "the signal is of another type"),
    NOVALUE(-5, "there is no value yet"),
    STALE(-6, "the value is older than the signal's age limit"),
    AGAIN(-7, "not now; try again later"),
    RATE(-8, "more often than the grant allows; nothing was done"),
    RANGE(-9, "outside the granted range; nothing was sent"),
    BUSY(-10, "another app owns it with at least this priority"),
    COND(-11, "the grant's condition does not hold"),
    LEASE(-12, "not owned, or the lease is over; acquire again"),
    NODEV(-13, "the device behind it is not there"),
    BUSOFF(-14, "the bus is off"),
    NOSPC(-15, "a bound of the app is reached: handles, subscriptions, bytes stored"),
    FAULT(-16, "a pointer outside the app's memory"),
    BADH(-17, "not a handle of this kind");

    private final int code;
    private final String meaning;

    Status(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** What it tells the app, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The status with this code; empty for lengths, handles and nonsense. */
    public static Optional<Status> of(int code) {
        return Arrays.stream(values()).filter(s -> s.code == code).findFirst();
    }
}
