package dev.bulkhead.server.main;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a fleet server keeps its things and listens.
 *
 * @param data folder of database, blobs, broker files and the API token; made when missing
 * @param keys folder made by {@code bulkhead keys init} and {@code bulkhead keys server}
 * @param fleet the fleet's name, a level of every topic
 * @param mqttHost address the broker binds, such as {@code 0.0.0.0}
 * @param mqttPort 0 = any free one
 * @param webHost address the API binds, loopback by custom
 * @param webPort 0 = any free one
 * @param mostPackageBytes longest package taken, 1 KiB to 512 MiB
 * @param estPort where vehicles get their certificates, at the broker's address; 0 = any free one
 * @param certificateLifetime of the certificates given to vehicles, 10 s to 400 days
 */
public record ServerSettings(
        Path data,
        Path keys,
        String fleet,
        String mqttHost,
        int mqttPort,
        String webHost,
        int webPort,
        long mostPackageBytes,
        int estPort,
        Duration certificateLifetime) {
    /** The port vehicles get their certificates at by custom. */
    public static final int EST_PORT = 8443;

    /** How long a vehicle's certificate lives by custom: a week, so that it is renewed twice a week. */
    public static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(7);

    /** The port vehicles connect to by custom. */
    public static final int MQTT_PORT = 8883;

    /** The port of the API by custom. */
    public static final int WEB_PORT = 8080;

    private static final long DEFAULT_MOST_PACKAGE_BYTES = 128L << 20;

    public ServerSettings {
        if (mostPackageBytes < 1 << 10 || mostPackageBytes > 512L << 20) {
            throw new IllegalArgumentException(
                    "the package limit is " + mostPackageBytes + " bytes, allowed are 1 KiB to 512 MiB");
        }
    }

    /** Everything on loopback, on free ports. */
    public static ServerSettings local(Path data, Path keys, String fleet) {
        return local(data, keys, fleet, 0, 0);
    }

    /** Everything on loopback; 0 = any free port. */
    public static ServerSettings local(Path data, Path keys, String fleet, int mqttPort, int webPort) {
        return new ServerSettings(
                data,
                keys,
                fleet,
                "127.0.0.1",
                mqttPort,
                "127.0.0.1",
                webPort,
                DEFAULT_MOST_PACKAGE_BYTES,
                0,
                CERTIFICATE_LIFETIME);
    }

    /** The same with the enrolment service at this port and certificates that live so long. */
    public ServerSettings withEnrolment(int port, Duration lifetime) {
        return new ServerSettings(
                data, keys, fleet, mqttHost, mqttPort, webHost, webPort, mostPackageBytes, port, lifetime);
    }

    /** The file that holds the API token. */
    public Path tokenFile() {
        return data.resolve("api-token");
    }
}
