package dev.bulkhead.server.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.broker.BrokerIncidents.Refusal;
import dev.bulkhead.server.broker.UplinkHandler.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EmbeddedBrokerTest {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final byte[] PAYLOAD = "hello".getBytes(StandardCharsets.UTF_8);

    private final Queue<UplinkMessage> heard = new ConcurrentLinkedQueue<>();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    private final FleetTopics topics = new FleetTopics("demo");
    private volatile Receipt answer = Receipt.DONE;
    private TestAuthority oem;
    private EmbeddedBroker broker;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        oem = new TestAuthority("OEM");
        BrokerRules rules = new BrokerRules(topics, new Door(), refusals::add);
        broker = EmbeddedBroker.start(BrokerSettings.of(home, "127.0.0.1", 0), oem.broker(), rules, this::hear);
    }

    private CompletionStage<Receipt> hear(UplinkMessage message) {
        heard.add(message);
        return CompletableFuture.completedFuture(answer);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private PahoVehicle vehicle(String id) throws Exception {
        return PahoVehicle.connect(broker.port(), id, oem.vehicle(id).context(oem.certificate()));
    }

    @Test
    void vehicleSpeaksUnderItsOwnTopicsAndIsAcknowledged() throws Exception {
        try (PahoVehicle car = vehicle("car-1")) {
            assertEquals(0, car.publish(topics.up(new VehicleId("car-1"), UplinkKind.HELLO), PAYLOAD));
            UplinkMessage message = heard.stream()
                    .filter(each -> each.vehicle().value().equals("car-1"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(UplinkKind.HELLO, message.kind());
            assertArrayEquals(PAYLOAD, message.payload());
        }
    }

    @Test
    void vehicleHearsWhatIsSentToItAndTheRetainedTimestamp() throws Exception {
        VehicleId id = new VehicleId("car-2");
        broker.downlink().retainImageTimestamp("t1".getBytes(StandardCharsets.UTF_8));
        try (PahoVehicle car = vehicle("car-2")) {
            assertEquals(1, car.subscribe("sdv/1/demo/v/car-2/dn/+"));
            broker.downlink().send(id, DownlinkKind.WAKE, PAYLOAD, Duration.ofSeconds(60));
            PahoVehicle.Received wake = car.await();
            assertEquals(topics.down(id, DownlinkKind.WAKE), wake.topic());
            assertEquals(1, car.subscribe(topics.imageTimestamp()));
            assertEquals("t1", new String(car.await().payload(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void refusesToPublishForAnotherVehicle() throws Exception {
        assertPublishRefused("car-3", topics.up(new VehicleId("car-4"), UplinkKind.HELLO), false);
        assertTrue(heard.stream().noneMatch(message -> message.vehicle().value().equals("car-4")));
    }

    @Test
    void refusesToPublishDownwardsOrRetained() throws Exception {
        VehicleId id = new VehicleId("car-5");
        assertPublishRefused("car-5", topics.down(id, DownlinkKind.COMMAND), false);
        assertPublishRefused("car-5", topics.imageTimestamp(), true);
        assertPublishRefused("car-5", topics.up(id, UplinkKind.HELLO), true);
        assertPublishRefused("car-5", "sdv/1/demo/v/car-5/up/anything", false);
    }

    @Test
    void refusesToReadAnotherVehiclesTopicsOrEverything() throws Exception {
        try (PahoVehicle car = vehicle("car-6")) {
            for (String filter : new String[] {
                "#",
                "sdv/1/demo/#",
                "sdv/1/demo/v/+/dn/#",
                "sdv/1/demo/v/car-7/dn/wake",
                "sdv/1/demo/v/car-6/up/#",
                "sdv/1/other/repo/#"
            }) {
                assertEquals(NOT_AUTHORIZED, car.subscribe(filter), filter);
            }
            assertTrue(refused("subscribe", "car-6"));
        }
    }

    @Test
    void refusesACertificateOfAnotherAuthority() throws Exception {
        TestAuthority stranger = new TestAuthority("Stranger");
        assertThrows(
                MqttException.class,
                () -> PahoVehicle.connect(
                        broker.port(), "car-8", stranger.vehicle("car-8").context(oem.certificate())));
    }

    @Test
    void refusesAClientIdThatIsNotTheCertificatesName() throws Exception {
        assertThrows(
                MqttException.class,
                () -> PahoVehicle.connect(
                        broker.port(), "car-10", oem.vehicle("car-9").context(oem.certificate())));
        assertTrue(refused("connect", "car-9"));
    }

    @Test
    void refusesACertificateThatIsNotForVehicles() throws Exception {
        assertThrows(
                MqttException.class,
                () -> PahoVehicle.connect(
                        broker.port(), "acme", oem.other("acme").context(oem.certificate())));
    }

    @Test
    void refusesABlockedVehicle() throws Exception {
        assertThrows(MqttException.class, () -> vehicle("blocked-1"));
        assertTrue(refused("connect", "blocked-1"));
    }

    @Test
    void refusesANameThatIsATopicWildcard() throws Exception {
        assertThrows(MqttException.class, () -> vehicle("\\+"));
    }

    @Test
    void tellsTheVehicleThatAPayloadWasMalformed() throws Exception {
        answer = Receipt.MALFORMED;
        try (PahoVehicle car = vehicle("car-11")) {
            assertEquals(0x99, car.publish(topics.up(new VehicleId("car-11"), UplinkKind.AUDIT), PAYLOAD));
            assertTrue(car.connected());
        } finally {
            answer = Receipt.DONE;
        }
    }

    /** The broker answers with a refusal or with a refusal and the end of the connection, whichever the client sees first. */
    private void assertPublishRefused(String vehicle, String topic, boolean retained) throws Exception {
        refusals.clear();
        int heardBefore = heard.size();
        try (PahoVehicle car = vehicle(vehicle)) {
            assertEquals(NOT_AUTHORIZED, car.publish(topic, PAYLOAD, retained), topic);
        } catch (MqttException e) {
            // the connection ended before the client saw the answer
        }
        assertTrue(refused("publish", vehicle), topic);
        assertEquals(heardBefore, heard.size(), topic);
    }

    private static final class Door implements VehicleDoor {
        @Override
        public Optional<String> objection(VehicleId vehicle, X509Certificate certificate) {
            return vehicle.value().equals("blocked-1") ? Optional.of("vehicle blocked-1 is blocked") : Optional.empty();
        }

        @Override
        public void arrived(VehicleId vehicle) {}

        @Override
        public void left(VehicleId vehicle) {}
    }

    private boolean refused(String cause, String vehicle) {
        return refusals.stream()
                .anyMatch(refusal -> refusal.cause().equals(cause)
                        && refusal.vehicle().map(VehicleId::value).equals(Optional.of(vehicle)));
    }
}
