package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalValue;

/** One command of a batch. */
public record Setpoint(ActuatorClaim claim, SignalValue value) {}
