package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From a vendor's package to an app that runs: real server, broker, TLS, metadata, agent and engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OverTheAirTest {
    private Path home;
    private Oem oem;
    private FleetServer server;
    private ServerClient client;

    @BeforeAll
    void start(@TempDir Path directory) {
        home = directory;
        oem = Oem.founded(directory);
        server = oem.server();
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private RoadVehicle vehicle(String id, int port) throws IOException {
        RoadVehicle vehicle = RoadVehicle.start(oem.keys, id, port, home.resolve(id), Steps.IGNORED);
        await(
                id + " says hello",
                () -> client.vehicles().stream()
                        .anyMatch(each ->
                                each.id().equals(id) && !each.agentVersion().isEmpty()));
        return vehicle;
    }

    private void publish(String appId, int release, byte[] sdvapp) {
        assertTrue(client.publish(sdvapp, "acme", oem.role()).published(), appId + " " + release);
    }

    private Views.Action assign(String appId, String version, String vehicle) {
        Views.Assignment order = client.assign(appId, Optional.of(version), List.of(vehicle));
        List<String> states = new ArrayList<>();
        Views.Assignment end = client.follow(
                order.id(),
                Patience.LONG,
                Oem.TIME,
                seen -> states.add(seen.vehicles().getFirst().state()));
        assertTrue(end.finished(), () -> "it stands at " + end.vehicles() + " after " + states);
        return end.vehicles().getFirst();
    }

    @Test
    void publishedAssignedInstalledUpdatedAndRolledBackWhenTheNewVersionTraps() throws Exception {
        String app = "com.acme.story";
        try (RoadVehicle car = vehicle("car-story", server.mqttPort())) {
            publish(app, 1, oem.packed(app, 1, Oem.QUIET));
            assertEquals("succeeded", assign(app, "1.0.0", car.id).state());
            assertEquals("1.0.0 RUNNING", car.running(app));

            publish(app, 2, oem.packed(app, 2, Oem.padded(Oem.QUIET, 700_000)));
            assertEquals("succeeded", assign(app, "2.0.0", car.id).state());
            assertEquals("2.0.0 RUNNING", car.running(app));

            publish(app, 3, oem.packed(app, 3, Oem.BROKEN));
            Views.Action action = assign(app, "3.0.0", car.id);
            assertEquals("rolled-back", action.state());
            assertTrue(action.detail().contains("unreachable"), action.detail());
            await("the old version runs again", () -> car.running(app).equals("2.0.0 RUNNING"));
            await(
                    "the signed manifest says so too",
                    () -> client.vehicle(car.id).installed().stream()
                            .anyMatch(each ->
                                    each.appId().equals(app) && each.version().equals("2.0.0")));
            await("the audit head has arrived", () -> client.vehicle(car.id).auditEntries() > 0);
            assertEquals(List.of(), incidentsOf(car.id));
        }
    }

    @Test
    void goesOnAtTheNextBlockAfterTheNetworkWasCut() throws Exception {
        String app = "com.acme.tunnel";
        byte[] sdvapp = oem.packed(app, 1, Oem.padded(Oem.QUIET, 6_000_000));
        try (Wire wire = new Wire(server.mqttPort());
                RoadVehicle car = vehicle("car-tunnel", wire.port())) {
            publish(app, 1, sdvapp);
            long before = wire.down();
            wire.cutAfter(3_000_000);
            Views.Assignment order = client.assign(app, Optional.of("1.0.0"), List.of(car.id));
            await("the tunnel", wire::isCut);
            await("the vehicle is off line", () -> !client.vehicle(car.id).online());
            wire.mend();
            Views.Assignment end = client.follow(order.id(), Patience.LONG, Oem.TIME, seen -> {});
            assertEquals("succeeded", end.vehicles().getFirst().state());
            long down = wire.down() - before;
            assertTrue(down < sdvapp.length * 3L / 2, down + " bytes came for a file of " + sdvapp.length);
        }
    }

    @Test
    void refusesABlobThatWasTamperedWithOnTheServer() throws Exception {
        String app = "com.acme.tampered";
        byte[] sdvapp = oem.packed(app, 1, Oem.padded(Oem.QUIET, 300_000));
        try (RoadVehicle car = vehicle("car-tampered", server.mqttPort())) {
            publish(app, 1, sdvapp);
            tamper(sdvapp.length);
            Views.Action action = assign(app, "1.0.0", car.id);
            assertEquals("refused", action.state());
            assertEquals("block-hash", action.reason());
            assertEquals("", car.running(app));
            assertTrue(car.audit().stream()
                    .filter(AuditEntry::hasRefused)
                    .anyMatch(entry -> entry.getRefused().getName().equals("block-hash")));
            await(
                    "the attack is reported",
                    () -> incidentsOf(car.id).stream()
                            .anyMatch(each -> each.cause().equals("attack-reported")
                                    && each.detail().startsWith("block-hash")));
        }
    }

    private void tamper(int length) throws IOException {
        try (Stream<Path> blobs = Files.walk(oem.serverData().resolve("blobs"))) {
            Path blob = blobs.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() == length)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(blob);
            bytes[length / 2] ^= 1;
            assertTrue(blob.toFile().setWritable(true));
            Files.write(blob, bytes);
        }
    }

    @Test
    void refusesADowngradeThatTheFleetDidNotKnowToBeOne() throws Exception {
        String app = "com.acme.down";
        try (Wire wire = new Wire(server.mqttPort());
                RoadVehicle car = vehicle("car-down", wire.port())) {
            publish(app, 1, oem.packed(app, 1, Oem.QUIET));
            wire.cut();
            await("the vehicle is off line", () -> !client.vehicle(car.id).online());
            Path newer = Files.write(home.resolve("newer.sdvapp"), oem.packed(app, 5, Oem.QUIET));
            assertInstanceOf(
                    InstallReceipt.Accepted.class,
                    car.agent.installer().install(InstallOrder.sideload("workshop"), newer));
            await("the newer one runs", () -> car.running(app).equals("5.0.0 RUNNING"));
            client.assign(app, Optional.of("1.0.0"), List.of(car.id));
            wire.mend();
            await(
                    "the attack is reported",
                    () -> incidentsOf(car.id).stream()
                            .anyMatch(each -> each.cause().equals("attack-reported")
                                    && each.detail().startsWith("release-rollback")));
            assertEquals("5.0.0 RUNNING", car.running(app));
        }
    }

    @Test
    void comesBackAfterARestartWithoutPullingAgain() throws Exception {
        String app = "com.acme.again";
        try (RoadVehicle car = vehicle("car-again", server.mqttPort())) {
            publish(app, 1, oem.packed(app, 1, Oem.QUIET));
            assertEquals("succeeded", assign(app, "1.0.0", car.id).state());
        }
        await("it is off line", () -> !client.vehicle("car-again").online());
        try (Wire wire = new Wire(server.mqttPort());
                RoadVehicle car = vehicle("car-again", wire.port())) {
            await("it runs", () -> car.running(app).equals("1.0.0 RUNNING"));
            await("it is on line", () -> client.vehicle("car-again").online());
            assertFalse(
                    incidentsOf(car.id).stream().anyMatch(each -> each.cause().startsWith("audit")));
        }
    }

    private List<Views.Incident> incidentsOf(String vehicle) {
        return client.incidents(1000).stream()
                .filter(each -> each.vehicleId().equals(vehicle))
                .toList();
    }
}
