package dev.bulkhead.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ota.Backoff;
import dev.bulkhead.agent.ota.Dn;
import dev.bulkhead.agent.ota.Topics;
import dev.bulkhead.agent.ota.Transport;
import dev.bulkhead.agent.ota.Up;
import dev.bulkhead.agent.ota.mqtt.MqttSettings;
import dev.bulkhead.agent.ota.mqtt.MqttTransport;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.server.broker.BrokerRules;
import dev.bulkhead.server.broker.BrokerSettings;
import dev.bulkhead.server.broker.DownlinkKind;
import dev.bulkhead.server.broker.EmbeddedBroker;
import dev.bulkhead.server.broker.FleetTopics;
import dev.bulkhead.server.broker.TlsMaterial;
import dev.bulkhead.server.broker.UplinkHandler.Receipt;
import dev.bulkhead.server.broker.UplinkKind;
import dev.bulkhead.server.broker.UplinkMessage;
import dev.bulkhead.server.broker.VehicleDoor;
import dev.bulkhead.server.broker.VehicleId;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The vehicle's MQTT line against the real broker, with real certificates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MqttLineTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final byte[] PAYLOAD = {1, 2, 3};

    private final BlockingQueue<UplinkMessage> heard = new LinkedBlockingQueue<>();
    private Path home;
    private KeyDirectory keys;
    private EmbeddedBroker broker;

    @BeforeAll
    void start(@TempDir Path directory) {
        home = directory;
        keys = keys(directory.resolve("keys"));
        keys.addServer(List.of(), Optional.empty());
        for (String vehicle : List.of("car-1", "car-2", "car-3", "car-4", "car-5")) {
            keys.addVehicle(vehicle, Optional.empty());
        }
        broker = broker(0);
    }

    private static KeyDirectory keys(Path folder) {
        KeyDirectory keys =
                new KeyDirectory(folder, InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(Optional.empty());
        return keys;
    }

    private EmbeddedBroker broker(int port) {
        TlsIdentity server = keys.server();
        return EmbeddedBroker.start(
                BrokerSettings.of(home.resolve("broker"), "127.0.0.1", port),
                new TlsMaterial(
                        server.key(), server.chain(), List.of(keys.trustAnchor().certificate())),
                new BrokerRules(new FleetTopics("demo"), new OpenDoor(), refusal -> {}),
                message -> {
                    heard.add(message);
                    return CompletableFuture.completedFuture(Receipt.DONE);
                });
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private MqttTransport transport(String vehicle, KeyDirectory identity, byte[] will) {
        MqttSettings settings = MqttSettings.standard(
                        URI.create("ssl://127.0.0.1:" + broker.port()), new Topics("demo", vehicle))
                .withBackoff(new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2)));
        return new MqttTransport(
                settings,
                MutualTls.context(identity.vehicle(vehicle), keys.trustAnchor()),
                will,
                new WallClock(),
                new Random(1));
    }

    @Test
    void speaksAndHearsOverMutualTls() throws Exception {
        Ear ear = new Ear();
        try (MqttTransport line = transport("car-1", keys, new byte[0])) {
            assertFalse(line.publish(Up.HELLO, PAYLOAD), "nothing is queued before there is a line");
            line.open(ear);
            assertEquals("connected", ear.next());
            assertTrue(line.publish(Up.HELLO, PAYLOAD));
            UplinkMessage message = next("car-1");
            assertEquals(UplinkKind.HELLO, message.kind());
            assertArrayEquals(PAYLOAD, message.payload());
            broker.downlink().send(new VehicleId("car-1"), DownlinkKind.WAKE, PAYLOAD, SOON);
            assertEquals("WAKE 3", ear.next());
        }
    }

    @Test
    void hearsWhatWaitedWhileItWasAwayAndConnectsAgainByItself() throws Exception {
        Ear ear = new Ear();
        try (MqttTransport line = transport("car-2", keys, new byte[0])) {
            line.open(ear);
            assertEquals("connected", ear.next());
            // another client under the same name takes the session over; ours comes back and takes it again
            try (MqttTransport twin = transport("car-2", keys, new byte[0])) {
                Ear other = new Ear();
                twin.open(other);
                assertTrue(ear.next().startsWith("disconnected "), "the session was taken over");
            }
            String word = ear.next();
            while (!word.equals("connected")) {
                word = ear.next();
            }
            for (int i = 0; i < 50; i++) {
                broker.downlink().send(new VehicleId("car-2"), DownlinkKind.BLOCK, new byte[128 << 10], SOON);
            }
            for (int i = 0; i < 50; i++) {
                assertEquals("BLOCK 131072", ear.next(), i + " of 50 came");
            }
        }
    }

    @Test
    void aVehicleOfAnotherMakerIsNotLetInAndToldWhy() throws Exception {
        KeyDirectory stranger = keys(home.resolve("stranger"));
        stranger.addVehicle("car-3", Optional.empty());
        Ear ear = new Ear();
        try (MqttTransport line = transport("car-3", stranger, new byte[0])) {
            line.open(ear);
            String word = ear.next();
            assertTrue(word.startsWith("disconnected ") && word.length() > "disconnected ".length() + 3, word);
            assertFalse(line.publish(Up.HELLO, PAYLOAD));
        }
    }

    @Test
    void closingIsCleanAndQuick() throws Exception {
        Ear ear = new Ear();
        MqttTransport line = transport("car-4", keys, PAYLOAD);
        line.open(ear);
        assertEquals("connected", ear.next());
        line.close();
        line.close();
        assertFalse(line.publish(Up.HELLO, PAYLOAD));
        assertTrue(
                heard.stream().noneMatch(message -> message.vehicle().value().equals("car-4")),
                "a clean goodbye publishes no will");
    }

    private UplinkMessage next(String vehicle) throws InterruptedException {
        while (true) {
            UplinkMessage message = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(message, "nothing came from " + vehicle);
            if (message.vehicle().value().equals(vehicle)) {
                return message;
            }
        }
    }

    /** Hears events as words. */
    private static final class Ear implements Transport.Listener {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        private int spoken;

        String next() throws InterruptedException {
            String word = words.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(word, "nothing happened after " + spoken);
            spoken++;
            return word;
        }

        @Override
        public void connected() {
            words.add("connected");
        }

        @Override
        public void disconnected(String cause) {
            words.add("disconnected " + cause);
        }

        @Override
        public void received(Dn dn, byte[] payload) {
            words.add(dn + " " + payload.length);
        }
    }

    private static final class OpenDoor implements VehicleDoor {
        @Override
        public Optional<String> objection(VehicleId vehicle, X509Certificate certificate) {
            return Optional.empty();
        }

        @Override
        public void arrived(VehicleId vehicle) {}

        @Override
        public void left(VehicleId vehicle) {}
    }

    private static final class WallClock implements VehicleClock {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long unixMillis() {
            return System.currentTimeMillis();
        }
    }
}
