package dev.bulkhead.server.broker;

import java.time.Duration;

/**
 * Sends to vehicles. Delivery is at least once to a connected vehicle; to a vehicle that is away the message waits until
 * it expires. Never blocks. Thread-safe.
 */
public interface Downlink {
    /** Sends to one vehicle's {@code dn/} topic. The payload is not copied and must not change afterwards. */
    void send(VehicleId vehicle, DownlinkKind kind, byte[] payload, Duration expiry);

    /** Replaces the retained image timestamp that every vehicle of the fleet may read. */
    void retainImageTimestamp(byte[] payload);

    /** Ends a vehicle's connection, if it has one, and tells it why. */
    void hangUp(VehicleId vehicle, String why);
}
