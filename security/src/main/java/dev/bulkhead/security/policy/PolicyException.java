package dev.bulkhead.security.policy;

/** A policy file that cannot be read: where, what, and what was likely meant. */
public final class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;

    /**
     * Composes {@code file:line: problem}.
     *
     * @param line counted from 1
     */
    public PolicyException(String file, int line, String problem) {
        super(file + ":" + line + ": " + problem);
        this.line = line;
    }

    /** The line that is wrong, counted from 1. */
    public int line() {
        return line;
    }
}
