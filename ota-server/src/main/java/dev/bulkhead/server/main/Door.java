package dev.bulkhead.server.main;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where others come in. */
public enum Door {
    MQTT,
    WEB,
    EST;

    /**
     * Looks whether the port can be had, before anything is started that would say less about it.
     *
     * @throws PortUnavailableException when it cannot
     */
    void requireFree(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new PortUnavailableException(this, host, port, e);
        }
    }
}
