package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;

/**
 * The state of one actuator at one moment; always readable.
 *
 * @param owner empty when nobody owns it
 * @param priority of the owner; 0 without one
 * @param leaseUntilNanos when the lease ends; 0 without an owner
 * @param lastValue the last value sent to the driver
 * @param lastBy whose value that was; the former owner's for a failsafe
 * @param lastTimeNanos when it was sent; 0 when never
 * @param lastReason why: {@code set}, {@code failsafe: lease expired} …
 * @param lastRefusal the newest refusal and who got it, such as {@code RANGE for com.acme.climate#1}; empty when there was none
 */
public record ActuatorView(
        SignalLeaf actuator,
        boolean driven,
        Optional<ActuatorOwner> owner,
        int priority,
        long leaseUntilNanos,
        Optional<SignalValue> lastValue,
        Optional<ActuatorOwner> lastBy,
        long lastTimeNanos,
        String lastReason,
        String lastRefusal,
        long commands,
        long refusals,
        long failsafes) {}
