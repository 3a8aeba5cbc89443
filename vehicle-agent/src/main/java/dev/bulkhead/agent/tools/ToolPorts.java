package dev.bulkhead.agent.tools;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Which doors for tools there are.
 *
 * @param socketcand TCP port on loopback, 0 for any free one; empty for no such door
 * @param databroker TCP port on loopback, 0 for any free one; empty for no such door
 * @param beacon where to say over UDP that there is a socketcand; empty: nowhere
 */
public record ToolPorts(
        Optional<Integer> socketcand,
        Optional<Integer> databroker,
        Visitors visitors,
        Optional<InetSocketAddress> beacon) {
    private static final int HIGHEST = 65_535;

    public ToolPorts {
        check(socketcand, "socketcand");
        check(databroker, "databroker");
        if (beacon.isPresent() && socketcand.isEmpty()) {
            throw new IllegalArgumentException("a beacon without a socketcand would call to nothing; add --socketcand");
        }
    }

    /** Without a beacon. */
    public ToolPorts(Optional<Integer> socketcand, Optional<Integer> databroker, Visitors visitors) {
        this(socketcand, databroker, visitors, Optional.empty());
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
