package dev.bulkhead.agent.ota.mqtt;

import dev.bulkhead.agent.ota.Backoff;
import dev.bulkhead.agent.ota.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How to reach the broker.
 *
 * @param broker {@code ssl://host:port}; plain TCP is refused
 * @param topics of this vehicle; the vehicle id is also the MQTT client id
 * @param keepAlive longest silence on the line, 1 s to 18 h
 * @param sessionExpiry how long the broker keeps messages for a vehicle that is away, at most 30 days
 * @param connectTimeout for the TCP, TLS and MQTT handshakes together
 * @param messageBytes the longest message accepted, in bytes, 64 KiB to 16 MiB
 * @param sendQueue messages that may wait for an acknowledgement, 1 to 1000
 * @param backoff between tries
 */
public record MqttSettings(
        URI broker,
        Topics topics,
        Duration keepAlive,
        Duration sessionExpiry,
        Duration connectTimeout,
        int messageBytes,
        int sendQueue,
        Backoff backoff) {
    public MqttSettings {
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(backoff, "backoff");
        if (!"ssl".equals(broker.getScheme()) || broker.getHost() == null || broker.getPort() < 1) {
            throw new IllegalArgumentException("broker address '" + broker + "' is not ssl://host:port");
        }
        require("keep-alive seconds", keepAlive.toSeconds(), 1, 65_535);
        require(
                "session expiry seconds",
                sessionExpiry.toSeconds(),
                0,
                Duration.ofDays(30).toSeconds());
        require("connect timeout seconds", connectTimeout.toSeconds(), 1, 300);
        require("message bytes", messageBytes, 1 << 16, 1 << 24);
        require("send queue", sendQueue, 1, 1000);
    }

    /** Keep-alive 30 s, session kept for a day, 20 s to connect, 4 MiB messages, 64 waiting, standard backoff. */
    public static MqttSettings standard(URI broker, Topics topics) {
        return new MqttSettings(
                broker,
                topics,
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                Duration.ofSeconds(20),
                4 << 20,
                64,
                Backoff.STANDARD);
    }

    /** The same with another pace of reconnecting. */
    public MqttSettings withBackoff(Backoff other) {
        return new MqttSettings(
                broker, topics, keepAlive, sessionExpiry, connectTimeout, messageBytes, sendQueue, other);
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " is outside " + least + ".." + most);
        }
    }
}
