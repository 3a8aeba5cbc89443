package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.bulkhead.agent.main.FleetAccess;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.cli.home.AddressFile;
import dev.bulkhead.hal.can.mapping.GuardedFrames;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
import dev.bulkhead.simulator.bus.SimulatedVehicle;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.dynamics.VehicleParameters;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line against a real server and a real agent in a vehicle that drives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningPeersTest {
    private static final String VEHICLE = "VIN-TEST";
    private static final String APP = "com.polar.climate";

    private Path home;
    private FleetServer server;
    private RoadAgent agent;

    @BeforeAll
    void bringAnAppToAVehicle(@TempDir Path folder) throws IOException {
        home = folder;
        at("keys", "init");
        at("keys", "vendor", "polar", "--prefix", "com.polar");
        at("keys", "vehicle", VEHICLE);
        at("keys", "server");
        startServer();
        startAgent();
        String file = home.resolve("climate.sdvapp").toString();
        ask("pack", Path.of("..", "examples", "climate").toString(), "-o", file);
        at("sign", file, "--vendor", "polar");
        at("publish", file, "--vendor", "polar");
        await("the vehicle says hello", () -> at("vehicles").size() == 1);
        JsonNode order = at("assign", APP, "--vehicle", VEHICLE, "--wait", "60");
        assertEquals("succeeded", order.at("/vehicles/0/state").asText(), order.toString());
    }

    private void startServer() {
        server = FleetServer.start(
                ServerSettings.local(home.resolve("server"), home.resolve("keys"), "main", 0, 0),
                InstantSource.system(),
                new SecureRandom());
        AddressFile.write(home.resolve("server/api.address"), "http://127.0.0.1:" + server.webPort());
    }

    private void startAgent() throws IOException {
        KeyDirectory keys = new KeyDirectory(
                home.resolve("keys"), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
        Path trust = keys.folder().resolve("trust");
        agent = RoadAgent.start(new RoadSettings(
                VEHICLE,
                "test",
                home.resolve("vehicles").resolve(VEHICLE),
                DefaultVehicle.tree(),
                VehiclePolicy.demo(),
                GuardedFrames.ofDefaultVehicle(),
                keys.trustAnchor(),
                List.of(new SimulatedVehicle(
                        new VirtualVehicle(VehicleParameters.compactElectric(), DriveCycle.udds(), 5, 0.8))),
                Optional.of(new FleetAccess(
                        URI.create("ssl://127.0.0.1:" + server.mqttPort()),
                        "main",
                        keys.vehicle(VEHICLE),
                        FileSigner.read(
                                keys.folder().resolve("vehicles/" + VEHICLE + "/vehicle.key"), Optional.empty()),
                        new FactoryRoots(
                                Files.readAllBytes(trust.resolve("director-root.json")),
                                Files.readAllBytes(trust.resolve("image-root.json"))),
                        Set.of("bulkhead-abi-1"),
                        Map.of(),
                        server.estPort()
                                .map(port -> new FleetAccess.Enrolment(
                                        URI.create("https://127.0.0.1:" + port),
                                        keys.bootstrap(VEHICLE).orElseThrow())))),
                0,
                Optional.empty()));
    }

    @AfterAll
    void stop() {
        if (agent != null) {
            agent.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private JsonNode at(String... words) {
        return ask(Stream.concat(Arrays.stream(words), Stream.of("--home", home.toString()))
                .toArray(String[]::new));
    }

    private Terminal.Screen typed(String... words) {
        return type(Stream.concat(Arrays.stream(words), Stream.of("--home", home.toString()))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys list",
                "apps",
                "vehicles",
                "status",
                "incidents",
                "ps",
                "inspect com.polar.climate",
                "config show com.polar.climate",
                "quarantine",
                "top",
                "logs",
                "signal list",
                "signal get Vehicle.Speed",
                "signal watch Vehicle.Speed --count 2 --period 50",
                "actuators",
                "audit matrix",
                "audit matrix --only overprivileged",
                "audit who Vehicle.**",
                "audit log",
                "audit key",
                "audit verify",
                "audit prove 0",
                "audit report"
            })
    void printsOneDocumentForAProgramAndTextForAPerson(String line) {
        JsonNode document = at(line.split(" ", -1));
        assertTrue(document.isContainerNode(), document.toString());
        if (!line.equals("top")) {
            String text = typed(line.split(" ", -1)).expect(0).out();
            assertFalse(text.startsWith("{") || text.startsWith("["), text);
        }
    }

    @Test
    void theAppRunsAndItsLogIsGenuine() {
        assertEquals("RUNNING", at("ps").at("/0/state").asText());
        JsonNode verified = at("audit", "verify");
        assertTrue(verified.get("genuine").asBoolean(), verified.toString());
        assertTrue(verified.get("entries").asLong() > 0);
        assertEquals(
                APP, at("audit", "who", "Vehicle.Cabin.**").at("/rows/0/app").asText());
    }

    @Test
    void anExportIsVerifiedElsewhereWithThePublicKeyAlone() throws IOException {
        Path log = home.resolve("log.audit");
        Path key = home.resolve("vehicle.vkey");
        at("audit", "export", log.toString());
        at("audit", "key", "--out", key.toString());
        ask("audit", "verify", "--log", log.toString(), "--key", key.toString());
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 40] ^= 1;
        Path tampered = Files.write(home.resolve("tampered.audit"), bytes);
        JsonNode findings = type("audit", "verify", "--log", tampered.toString(), "--key", key.toString(), "--json")
                .expect(5)
                .document();
        assertFalse(findings.get("genuine").asBoolean());
        assertTrue(findings.at("/findings/0/index").isNumber(), findings.toString());
    }

    @Test
    void operatorsWishesChangeTheStateAndAskForWhatIsThere() {
        typed("stop", APP).expect(0);
        await("it stops", () -> at("ps").at("/0/state").asText().equals("STOPPED"));
        typed("start", APP).expect(0);
        await("it runs", () -> at("ps").at("/0/state").asText().equals("RUNNING"));
        typed("rollback", APP).expect(5);
        typed("stop", "com.nobody.here").expect(1);
        typed("assign", APP, "9.9.9", "--all", "--json").expect(5).document();
        typed("signal", "get", "Vehicle.Wings").expect(1);
        typed("signal", "get", "Vehicle..Speed").expect(1);
    }

    @Test
    void inspectingARunningAppShowsWhatItWasGrantedAndHowItCameToRun() {
        JsonNode app = at("inspect", APP);
        assertEquals(APP, app.at("/status/app").asText());
        assertEquals(3, app.get("grants").size(), app.toString());
        assertFalse(app.at("/grants/0/granted").asText().isEmpty(), app.toString());
        assertTrue(app.get("manifest").asText().contains("[budget]"), app.toString());
        JsonNode last = app.get("transitions").get(app.get("transitions").size() - 1);
        assertFalse(last.get("cause").asText().isEmpty(), app.toString());
        String text = typed("inspect", APP).expect(0).out();
        assertTrue(text.contains("ASKED FOR") && text.contains("AGO"), text);
    }

    @Test
    void whatIsSetForAnAppIsShownAuditedAndTakenAwayAgain() {
        JsonNode set = at("config", "set", APP, "target=21.5", "note=a=b");
        assertEquals("21.5", set.at("/values/target").asText(), set.toString());
        assertEquals("a=b", set.at("/values/note").asText());
        assertTrue(typed("config", "show", APP).expect(0).out().contains("21.5"));
        JsonNode logged = at("audit", "log", "--kind", "configured", "--app", APP);
        JsonNode last = logged.get(logged.size() - 1).get("configured");
        assertEquals("the local operator", last.get("who").asText(), last.toString());
        assertEquals(2, last.get("set").size(), last.toString());
        assertFalse(last.toString().contains("21.5"), "values stay out of the log");
        assertEquals(1, at("config", "unset", APP, "note").get("values").size());
        at("config", "unset", APP, "target");
        assertTrue(typed("config", "show", APP).expect(0).out().contains("nothing is set"));
    }

    @Test
    void aConfigurationThatCannotBeIsRefusedWithAHint() {
        typed("config").expect(2);
        typed("config", "set", APP).expect(2);
        typed("config", "set", APP, "target").expect(2);
        typed("config", "set", APP, "target=").expect(2);
        typed("config", "set", APP, "target=1", "target=2").expect(2);
        assertTrue(typed("config", "set", APP, "two words=1").expect(1).err().contains("without blanks"));
        assertTrue(typed("config", "set", APP, "k=" + "v".repeat(4_097))
                .expect(1)
                .err()
                .contains("at most 4096"));
        assertTrue(typed("config", "show", "com.nobody.here").expect(1).err().contains("no app"));
        assertEquals(0, at("config", "show", APP).get("values").size());
    }

    @Test
    void anAppThatIsWalledOffIsListedWithItsReasonAndLastWordsUntilItIsStarted() {
        at("quarantine", APP);
        await("it is walled off", () -> at("quarantine").size() == 1);
        JsonNode row = at("quarantine").get(0);
        assertEquals("by an operator", row.get("reason").asText());
        assertFalse(row.get("lastWords").isEmpty(), row.toString());
        assertEquals(
                "by an operator", at("inspect", APP).at("/quarantine/reason").asText());
        assertTrue(typed("quarantine").expect(0).out().contains("bulkhead start " + APP));
        assertTrue(typed("inspect", APP).expect(0).out().contains("walled off"));
        at("start", APP);
        await("it runs", () -> at("ps").get(0).get("state").asText().equals("RUNNING"));
        assertEquals(0, at("quarantine").size());
    }

    @Test
    void whatIsNeitherAPackageNorAnAppIsSaidToBeMissing() {
        assertTrue(typed("inspect", "com.nobody.here").expect(1).err().contains("no app"));
        assertTrue(typed("inspect", "nobody.sdvapp").expect(1).err().contains("nobody.sdvapp"));
    }

    @Test
    void anUninstalledAppIsGoneUntilTheFleetSendsItAgain() {
        typed("uninstall", "com.nobody.here").expect(1);
        assertEquals("accepted", at("uninstall", APP).get("result").asText());
        await("it is gone", () -> at("ps").isEmpty());
        JsonNode order = at("assign", APP, "--vehicle", VEHICLE, "--wait", "60");
        assertEquals("succeeded", order.at("/vehicles/0/state").asText(), order.toString());
    }

    @Test
    void theActuatorsShowWhoOwnsThemAndWhatWasCommandedLast() {
        await("the app commands the fan", () -> fan().path("commands").asLong() > 0);
        JsonNode fan = fan();
        assertTrue(fan.get("owner").asText().startsWith(APP), fan.toString());
        assertEquals(20, fan.get("priority").asInt());
        assertTrue(fan.get("leaseLeftMs").asLong() > 0 && fan.get("driven").asBoolean(), fan.toString());
        String text = typed("actuators").expect(0).out();
        assertTrue(text.contains("FanSpeed") && text.contains(APP), text);
    }

    private JsonNode fan() {
        for (JsonNode row : at("actuators")) {
            if (row.get("path").asText().endsWith("FanSpeed")
                    && !row.get("owner").asText().isEmpty()) {
                return row;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void theVehicleMeasuresItsSpeed() {
        JsonNode speed = at("signal", "get", "Vehicle.Speed").get(0);
        assertEquals("Vehicle.Speed", speed.get("path").asText());
        assertFalse(speed.get("value").isNull(), speed.toString());
        assertEquals(
                2,
                at("signal", "watch", "Vehicle.Speed", "--count", "2", "--period", "50")
                        .size());
    }
}
