package dev.bulkhead.agent.codegen;

/** A valid function that cannot become a JVM method; the message names it, the limit and the value. */
public final class NotCompilableException extends RuntimeException {
    private final String what;

    NotCompilableException(String what) {
        super(what);
        this.what = what;
    }

    public String what() {
        return what;
    }
}
