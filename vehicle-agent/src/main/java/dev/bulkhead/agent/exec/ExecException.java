package dev.bulkhead.agent.exec;

/** The request does not fit the module: no such export, wrong number or form of arguments. */
public final class ExecException extends RuntimeException {
    ExecException(String message) {
        super(message);
    }
}
