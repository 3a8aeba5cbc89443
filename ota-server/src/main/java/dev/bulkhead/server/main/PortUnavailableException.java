package dev.bulkhead.server.main;

import java.io.IOException;

/** A port the server is to listen on cannot be had. */
public final class PortUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Door door;

    PortUnavailableException(Door door, String host, int port, IOException cause) {
        super(message(host, port, String.valueOf(cause.getMessage())), cause);
        this.door = door;
    }

    private static String message(String host, int port, String why) {
        String where = "port " + port + " on " + host;
        return why.contains("in use")
                ? where + " is taken by another process"
                : where + " cannot be listened on: " + why;
    }

    /** What was to listen there. */
    public Door door() {
        return door;
    }
}
