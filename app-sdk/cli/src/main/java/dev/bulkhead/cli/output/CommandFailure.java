package dev.bulkhead.cli.output;

import java.util.Optional;

/** A command's orderly failure: what went wrong, what to do about it, and the exit status that says so. */
public final class CommandFailure extends RuntimeException {
    private final ExitCode exitCode;
    private final String hint;

    /** @param hint the next thing to try, or empty */
    public CommandFailure(ExitCode exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public static CommandFailure failed(String message, String hint) {
        return new CommandFailure(ExitCode.FAILED, message, hint);
    }

    public static CommandFailure refused(String message, String hint) {
        return new CommandFailure(ExitCode.REFUSED, message, hint);
    }

    public static CommandFailure unreachable(String message, String hint) {
        return new CommandFailure(ExitCode.UNREACHABLE, message, hint);
    }

    public static CommandFailure usage(String message, String hint) {
        return new CommandFailure(ExitCode.USAGE, message, hint);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }
}
