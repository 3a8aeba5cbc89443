package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.matrix.MatrixPage;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** From the logs of real vehicles to a heat map that somebody clicks through in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditPagesTest {
    private static final String APP = "com.acme.climate";
    private static final String SPEED = "signal Vehicle.Speed read";
    private static final String CABIN = "signal Vehicle.Cabin.HVAC.AmbientAirTemperature read";
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";
    private static final String ROWS =
            "[...document.querySelectorAll('.audit > .scroll tbody th')].map(e => e.innerText)";

    private static final String SORTED = "document.querySelector('.audit th.num').getAttribute('aria-sort')";

    private Path home;
    private Oem oem;
    private FleetServer server;
    private ServerClient client;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        home = directory;
        browser = Browser.start(Files.createDirectories(directory.resolve("browser")));
        oem = Oem.founded(directory);
        server = oem.server();
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
        try (RoadVehicle one = vehicle("car-1");
                RoadVehicle two = vehicle("car-2")) {
            climate(one, 40);
            climate(two, 2);
            denied(two, 7);
            told("car-1", 2);
            told("car-2", 3);
        }
    }

    @AfterAll
    void stop() {
        browser.close();
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private RoadVehicle vehicle(String id) throws IOException {
        return RoadVehicle.start(oem.keys, id, server.mqttPort(), home.resolve(id), Steps.IGNORED);
    }

    private static AuditEntry.Builder app() {
        return AuditEntry.newBuilder().setAppId(APP).setVersion("1.0.0").setVendor("acme");
    }

    private static void climate(RoadVehicle car, long reads) {
        AuditEntry.Declared.Builder declared = AuditEntry.Declared.newBuilder().setPolicyEpoch(1);
        for (String line : new String[] {SPEED, CABIN}) {
            declared.addRequestsBuilder().setLine(line).setReason("comfort").addEffective(line);
        }
        car.agent.auditLog().append(app().setDeclared(declared).build());
        car.agent
                .auditLog()
                .append(app().setUsed(
                                AuditEntry.Used.newBuilder().setAccess(SPEED).setCount(reads))
                        .build());
    }

    private static void denied(RoadVehicle car, long times) {
        car.agent
                .auditLog()
                .append(app().setDenied(AuditEntry.Denied.newBuilder()
                                .setAccess(BRAKE)
                                .setRule("no <b>brakes</b>")
                                .setWhy("nobody may")
                                .setCount(times))
                        .build());
    }

    /** Wakes a vehicle until its views are here. */
    private void told(String id, int rows) {
        await(id + " has told its views", () -> {
            if (rows(id) >= rows) {
                return true;
            }
            if (client.vehicles().stream().anyMatch(each -> each.id().equals(id))) {
                client.wake(id);
            }
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
    }

    private int rows(String id) {
        try {
            return new ObjectMapper()
                    .readTree(client.auditMatrix(Map.of("vehicle", id)))
                    .path("rows")
                    .size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void openConsole() throws IOException {
        browser.open(URI.create("about:blank#"));
        browser.open(URI.create("http://127.0.0.1:" + server.webPort() + "/#token="
                + server.token().value()));
        browser.awaitTrue("the heat map is drawn", ROWS + ".length >= 3");
    }

    @Test
    void theConsolesHeatMapIsSortedByAClick() throws IOException {
        openConsole();
        browser.click(".audit thead [data-by=total]");
        assertEquals("descending", browser.read(SORTED).asText());
        assertTrue(browser.read(ROWS + "[0]").asText().contains("Speed"), "the most used first");
        browser.click(".audit thead [data-by=total]");
        assertEquals("ascending", browser.read(SORTED).asText());
        assertTrue(browser.read(ROWS + ".at(-1)").asText().contains("Speed"), "the most used last");
    }

    @Test
    void theConsoleShowsOnlyWhatWasDeniedAndDrillsDownToTheProvedEntry() throws IOException {
        openConsole();
        browser.click(".audit [data-view=denied]");
        assertEquals(1, browser.read(ROWS + ".length").asInt());
        browser.click(".audit td.cell button");
        String drawer = browser.text(".audit aside");
        assertTrue(drawer.contains("denied on 1") && drawer.contains("no <b>brakes</b>"), drawer);
        browser.click(".audit aside .more");
        browser.awaitTrue("the entry is shown", "!!document.querySelector('.audit aside .proved')");
        String entry = browser.text(".audit aside pre");
        assertTrue(entry.contains("\"kind\": \"denied\"") && entry.contains("nobody may"), entry);
        String file = browser.read("document.querySelector('.audit aside a').download")
                .asText();
        assertTrue(file.matches("car-2-[0-9]+\\.proof"), file);
        long index = Long.parseLong(file.replaceAll("car-2-|\\.proof", ""));
        NoteKey key = NoteKey.parse(client.vehicleAudit("car-2").key());
        EntryProof proof =
                EntryProof.parse(note(client.auditedEntry("car-2", index).proof()));
        assertEquals(index, proof.index());
        assertEquals(Optional.empty(), proof.objection(key));
        browser.press("Escape", 27);
        browser.awaitTrue("the drawer closes", "document.querySelector('.audit aside').hidden");
        browser.click(".audit [data-view=all]");
    }

    @Test
    void theConsoleShowsWhatIsOrderedAsOne() throws IOException {
        for (String app : List.of("com.acme.left", "com.acme.right", "com.acme.alone")) {
            assertTrue(client.publish(oem.packed(app, 1, Oem.QUIET), "acme", oem.role())
                    .published());
        }
        List<String> cars = List.of("car-1");
        client.assign(new Views.Order(
                "pair", "com.acme.left", "1.0.0", cars, List.of(new Views.Together("com.acme.right", "1.0.0"))));
        client.assign(new Views.Order("single", "com.acme.alone", "1.0.0", cars, List.of()));
        openConsole();
        String cells = "[...document.querySelectorAll('#assignments tbody tr')].map(e => e.cells[1].innerText)";
        browser.awaitTrue("the assignments are there", cells + ".length >= 3");
        String shown = browser.read(cells).toString();
        assertTrue(shown.contains("com.acme.left 1.0.0\\nas one with com.acme.right 1.0.0"), shown);
        assertTrue(shown.contains("com.acme.right 1.0.0\\nas one with com.acme.left 1.0.0"), shown);
        assertTrue(shown.contains("\"com.acme.alone 1.0.0\""), shown);
    }

    @Test
    void theConsoleShowsAVehicleThatRewroteItsHistory() throws IOException {
        try (RoadVehicle car = vehicle("car-3")) {
            climate(car, 1);
            told("car-3", 2);
        }
        long before = client.vehicle("car-3").auditEntries();
        for (String file : new String[] {"audit.db", "audit.db-wal", "audit.db-shm"}) {
            Files.deleteIfExists(home.resolve("car-3").resolve(file));
        }
        try (RoadVehicle again = vehicle("car-3")) {
            for (long i = 0; i < before + 5; i++) {
                denied(again, 1);
            }
            await(
                    "the contradiction is found",
                    () -> client.vehicle("car-3").auditConflict().contains("is not shown to begin with"));
        }
        Views.AuditConflict conflict =
                Objects.requireNonNull(client.vehicleAudit("car-3").conflict());
        NoteKey key = NoteKey.parse(client.vehicleAudit("car-3").key());
        assertEquals(before, Checkpoint.open(note(conflict.held()), key).size());
        assertTrue(Checkpoint.open(note(conflict.offered()), key).size() > before);
        openConsole();
        browser.awaitTrue(
                "the console says so", "document.getElementById('vehicles').innerText.includes('contradicts itself')");
        assertEquals(before, client.beginAuditAnew("car-3").entries());
        assertEquals("", client.vehicle("car-3").auditConflict());
        assertEquals(0, client.vehicleAudit("car-3").entries());
    }

    private static byte[] note(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theReportIsOneFileThatFiltersGroupsAndTurnsDark() throws IOException {
        Path page = home.resolve("fleet.html");
        Files.writeString(page, MatrixPage.ofJson(client.auditMatrix(Map.of()), "Made by a test."));
        browser.open(URI.create("about:blank#"));
        browser.open(page.toUri());
        browser.awaitTrue("the heat map is drawn", ROWS + ".length >= 3");
        browser.click(".audit input[type=search]");
        browser.type("brake");
        browser.awaitTrue("it is filtered", ROWS + ".length === 1");
        browser.read("(() => { const s = document.querySelector('.audit select'); s.value = 'vendor';"
                + " s.dispatchEvent(new Event('change')); })()");
        assertTrue(browser.text(".audit thead").contains("acme"), browser.text(".audit thead"));
        assertEquals(
                0,
                browser.read("performance.getEntriesByType('resource').length").asInt(),
                "nothing is fetched");
        String ground = "getComputedStyle(document.body).backgroundColor";
        browser.dark(false);
        String light = browser.read(ground).asText();
        browser.dark(true);
        assertNotEquals(light, browser.read(ground).asText());
        browser.dark(false);
    }

    @Test
    void theReportOfOneVehicleIsSortedAndDrillsDownToItsEntriesWithoutAServer() throws IOException {
        Path house = home.resolve("alone");
        Files.createDirectories(house.resolve("vehicles"));
        Files.createSymbolicLink(house.resolve("vehicles/car-2"), home.resolve("car-2"));
        Path page = home.resolve("car-2.html");
        Terminal.ask("audit", "report", "--html", page.toString(), "--home", house.toString());
        browser.open(URI.create("about:blank#"));
        browser.open(page.toUri());
        browser.awaitTrue("the heat map is drawn", ROWS + ".length >= 3");
        browser.click(".audit thead [data-by=total]");
        assertTrue(browser.read(ROWS + "[0]").asText().contains("Brake"), "the most touched first");
        browser.click(".audit tbody td.cell button");
        browser.click(".audit aside .more");
        String entry = browser.text(".audit aside pre");
        assertTrue(entry.contains("\"kind\": \"denied\"") && entry.contains("no <b>brakes</b>"), entry);
        assertEquals(
                0,
                browser.read("performance.getEntriesByType('resource').length").asInt(),
                "nothing is fetched");
    }

    @Test
    void everyControlOfTheHeatMapHasANameAndCanBeReachedByKeyboard() throws IOException {
        openConsole();
        assertEquals(
                0,
                browser.read(
                                "[...document.querySelectorAll('.audit button, .audit input, .audit select')].filter(e =>"
                                        + " !(e.ariaLabel || e.getAttribute('aria-label') || e.innerText.trim()) || e.tabIndex < 0).length")
                        .asInt());
    }
}
