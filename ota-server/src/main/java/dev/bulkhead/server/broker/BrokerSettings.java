package dev.bulkhead.server.broker;

import java.nio.file.Path;

/**
 * Settings of the embedded broker.
 *
 * @param directory where it keeps its configuration and working files; made when missing
 * @param bindAddress address to listen on, for example {@code 127.0.0.1}
 * @param port TCP port, 0 = any free one
 * @param maxPacketBytes largest MQTT packet a vehicle may send, 1 KiB to 16 MiB
 * @param maxConnections most vehicles at once, 1 to 1,000,000
 */
public record BrokerSettings(Path directory, String bindAddress, int port, int maxPacketBytes, int maxConnections) {
    /** A version manifest or an audit note fits many times over. */
    public static final int DEFAULT_MAX_PACKET_BYTES = 1 << 20;

    public BrokerSettings {
        requireRange("port", port, 0, 65_535);
        requireRange("maxPacketBytes", maxPacketBytes, 1 << 10, 16 << 20);
        requireRange("maxConnections", maxConnections, 1, 1_000_000);
    }

    /** The usual limits. */
    public static BrokerSettings of(Path directory, String bindAddress, int port) {
        return new BrokerSettings(directory, bindAddress, port, DEFAULT_MAX_PACKET_BYTES, 100_000);
    }

    private static void requireRange(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed are " + low + " to " + high);
        }
    }
}
