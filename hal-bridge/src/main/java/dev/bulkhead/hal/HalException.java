package dev.bulkhead.hal;

/** Root of everything the hardware bridge throws. Expected refusals are values, not exceptions. */
public class HalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HalException(String message) {
        super(message);
    }

    public HalException(String message, Throwable cause) {
        super(message, cause);
    }
}
