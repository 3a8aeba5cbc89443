package dev.bulkhead.cli.output;

/** What the process's exit status tells a script. */
public enum ExitCode {
    /** Done as asked. */
    OK(0),
    /** Tried and failed; the message says what to do. */
    FAILED(1),
    /** The command line itself is wrong. */
    USAGE(2),
    /** The guest trapped. */
    TRAP(3),
    /** The guest was killed for breaking its budget. */
    KILLED(4),
    /** Something did not verify: a signature, a hash, a proof, a policy. */
    REFUSED(5),
    /** Nothing answers at the other end. */
    UNREACHABLE(6),
    /** Whoever read the output has gone: what a shell reports of a program that a broken pipe ended. */
    READER_GONE(141);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
