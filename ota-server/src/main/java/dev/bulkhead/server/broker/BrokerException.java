package dev.bulkhead.server.broker;

/** The broker could not be started or stopped. The message says what to do. */
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
