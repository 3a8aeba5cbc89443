package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalLeaf;

/** Hears that an owner has lost its actuator. Called outside the board's lock, on any thread; must be short. */
@FunctionalInterface
public interface LossListener {
    void lost(SignalLeaf actuator, LossCause cause);
}
