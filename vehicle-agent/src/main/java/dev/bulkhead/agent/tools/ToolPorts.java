package dev.bulkhead.agent.tools;

import java.util.Optional;

/**
 * Which doors for tools there are.
 *
 * @param socketcand TCP port on loopback, 0 for any free one; empty for no such door
 * @param databroker TCP port on loopback, 0 for any free one; empty for no such door
 */
public record ToolPorts(Optional<Integer> socketcand, Optional<Integer> databroker, Visitors visitors) {
    private static final int HIGHEST = 65_535;

    public ToolPorts {
        check(socketcand, "socketcand");
        check(databroker, "databroker");
    }

    private static void check(Optional<Integer> port, String door) {
        if (port.filter(number -> number < 0 || number > HIGHEST).isPresent()) {
            throw new IllegalArgumentException(
                    "port " + port.get() + " for " + door + " is not one; 0 to " + HIGHEST + " are");
        }
    }

    /** No doors. */
    public static ToolPorts none() {
        return new ToolPorts(Optional.empty(), Optional.empty(), new Visitors.Readers());
    }
}
