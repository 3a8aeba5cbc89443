package dev.bulkhead.server.main;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Another fleet server works on the same data; two would write over each other. */
public final class AlreadyRunningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long process;

    /** @param process id of the other server's process, 0 when it does not say */
    AlreadyRunningException(Path data, long process) {
        super("a fleet server already runs in " + data + (process == 0 ? "" : " (process " + process + ")"));
        this.process = process;
    }

    /** Id of the other server's process, when it says so. */
    public OptionalLong process() {
        return process == 0 ? OptionalLong.empty() : OptionalLong.of(process);
    }
}
