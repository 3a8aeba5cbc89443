package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.HalException;

/** A contract that cannot be kept: says which actuator and what does not fit. */
public final class ActuationException extends HalException {
    private static final long serialVersionUID = 1L;

    ActuationException(String message) {
        super(message);
    }
}
