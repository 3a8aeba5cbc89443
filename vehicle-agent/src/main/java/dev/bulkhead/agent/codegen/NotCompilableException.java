package dev.bulkhead.agent.codegen;

/** A valid module of which a part cannot become JVM code; the message names the function or what else it is, the limit and the value. */
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
