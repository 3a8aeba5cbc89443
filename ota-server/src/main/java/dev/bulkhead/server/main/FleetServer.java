package dev.bulkhead.server.main;

import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.server.broker.BrokerRules;
import dev.bulkhead.server.broker.BrokerSettings;
import dev.bulkhead.server.broker.EmbeddedBroker;
import dev.bulkhead.server.broker.FleetTopics;
import dev.bulkhead.server.broker.TlsMaterial;
import dev.bulkhead.server.fleet.FleetDoor;
import dev.bulkhead.server.fleet.FleetViews;
import dev.bulkhead.server.fleet.UplinkRouter;
import dev.bulkhead.server.repository.PackageIntake;
import dev.bulkhead.server.web.ApiToken;
import dev.bulkhead.server.web.EstServer;
import dev.bulkhead.server.web.Rooms;
import dev.bulkhead.server.web.WebServer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A running fleet server: broker, database, repositories and API in one process. Start it, use its ports, close it; after a
 * kill it starts again from what was committed. Thread-safe.
 */
public final class FleetServer implements AutoCloseable {
    private final Shutdown shutdown;
    private final EmbeddedBroker broker;
    private final WebServer web;
    private final Optional<EstServer> est;
    private final ApiToken token;

    private FleetServer(
            Shutdown shutdown, EmbeddedBroker broker, WebServer web, Optional<EstServer> est, ApiToken token) {
        this.shutdown = shutdown;
        this.broker = broker;
        this.web = web;
        this.est = est;
        this.token = token;
    }

    /**
     * Starts a server and returns when it accepts vehicles and requests, usually within 3 to 5 s.
     *
     * @throws AlreadyRunningException when another server works on the same data
     * @throws PortUnavailableException when a port is taken
     * @throws RuntimeException of the room that could not start, saying why; whatever had started is stopped again
     */
    public static FleetServer start(ServerSettings settings, InstantSource time, SecureRandom random) {
        return start(settings, time, time, random);
    }

    /**
     * The same with a clock of its own for certificates.
     *
     * @param time for metadata and everything else
     * @param machineTime certificates are dated and judged by it; where TLS is real it is the machine's, which TLS goes by
     */
    public static FleetServer start(
            ServerSettings settings, InstantSource time, InstantSource machineTime, SecureRandom random) {
        QuietLogs.apply();
        Shutdown shutdown = new Shutdown();
        try {
            return start(settings, new Clocks(time, machineTime), random, shutdown);
        } catch (RuntimeException e) {
            shutdown.close();
            throw e;
        }
    }

    private record Clocks(InstantSource time, InstantSource machine) {}

    private static FleetServer start(ServerSettings settings, Clocks clocks, SecureRandom random, Shutdown shutdown) {
        InstantSource time = clocks.time();
        shutdown.add(DataLock.acquire(settings.data()));
        KeyDirectory keys = new KeyDirectory(settings.keys(), clocks.machine(), random, KeyDirectory.Validity.USUAL);
        requireFree(settings, keys);
        Storage storage = Storage.open(settings, time, shutdown);
        Line line = new Line();
        FleetRooms fleet = FleetRooms.furnish(storage, keys, line, time, random);
        UplinkRouter router = shutdown.add(new UplinkRouter(fleet.handlers().byKind(), storage.incidents()));
        FleetIdentity identity = FleetIdentity.of(storage, keys, line, settings, clocks.machine());
        FleetDoor door = new FleetDoor(storage.database(), identity.admission(), time);
        EmbeddedBroker broker = shutdown.add(EmbeddedBroker.start(
                BrokerSettings.of(settings.data().resolve("broker"), settings.mqttHost(), settings.mqttPort()),
                tls(keys),
                new BrokerRules(new FleetTopics(settings.fleet()), door, storage.incidents()),
                router));
        shutdown.add(TlsRefusals.watch(storage.incidents()));
        line.connect(broker.downlink());
        fleet.publication().announce();
        shutdown.add(Housekeeping.start(fleet.publication(), fleet.rollouts(), door, line));

        ApiToken token = ApiToken.in(settings.tokenFile(), random);
        ServerMetrics metrics = new ServerMetrics(router, storage.incidents(), door, fleet.handlers());
        Rooms rooms = new Rooms(
                storage.database(),
                new PackageIntake(
                        storage.database(),
                        storage.blobs(),
                        new PackageVerifier(keys.trustAnchor(), time),
                        time,
                        settings.mostPackageBytes()),
                fleet.publication(),
                fleet.image(),
                fleet.assignments(),
                fleet.rollouts(),
                line::wake,
                identity.revocation(),
                storage.incidents(),
                new FleetViews(storage.database()),
                metrics::page);
        WebServer web = shutdown.add(WebServer.start(settings.webHost(), settings.webPort(), token, rooms));
        Optional<EstServer> est = identity.enrolment()
                .map(enrolment -> shutdown.add(EstServer.start(
                        settings.mqttHost(), settings.estPort(), keys.server(), keys.vehicleAnchor(), enrolment)));
        return new FleetServer(shutdown, broker, web, est, token);
    }

    private static void requireFree(ServerSettings settings, KeyDirectory keys) {
        Door.MQTT.requireFree(settings.mqttHost(), settings.mqttPort());
        Door.WEB.requireFree(settings.webHost(), settings.webPort());
        if (keys.enrolmentAuthority().isPresent()) {
            Door.EST.requireFree(settings.mqttHost(), settings.estPort());
        }
    }

    private static TlsMaterial tls(KeyDirectory keys) {
        TlsIdentity server = keys.server();
        return new TlsMaterial(
                server.key(), server.chain(), keys.vehicleAnchor().roots());
    }

    /** The port vehicles connect to. */
    public int mqttPort() {
        return broker.port();
    }

    /** The port vehicles get certificates at; empty when the key folder has no authority for it. */
    public Optional<Integer> estPort() {
        return est.map(EstServer::port);
    }

    /** The port of the API. */
    public int webPort() {
        return web.port();
    }

    /** The secret that opens the API. */
    public ApiToken token() {
        return token;
    }

    /** Takes no more requests, finishes what was taken, closes the database. Idempotent. */
    @Override
    public void close() {
        shutdown.close();
    }
}
