package dev.bulkhead.hal.driver;

import dev.bulkhead.hal.HalException;

/** A driver cannot do its work: says which, what failed and what to do. */
public class DriverException extends HalException {
    private static final long serialVersionUID = 1L;

    public DriverException(String message) {
        super(message);
    }

    public DriverException(String message, Throwable cause) {
        super(message, cause);
    }
}
