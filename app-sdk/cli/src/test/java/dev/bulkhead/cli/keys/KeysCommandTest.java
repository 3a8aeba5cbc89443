package dev.bulkhead.cli.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.Main;
import dev.bulkhead.security.keys.KeyDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {
    private final Path home;
    private final StringWriter out = new StringWriter();

    KeysCommandTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void makesASecondKeyForAHybridVendorOnly() {
        assertEquals(0, run("init"));
        assertEquals(0, run("vendor", "acme", "--prefix", "com.acme", "--hybrid"));
        assertEquals(0, run("vendor", "other", "--prefix", "com.other"));
        assertTrue(Files.exists(home.resolve("keys/vendors/acme/vendor-ml-dsa.key")));
        assertFalse(Files.exists(home.resolve("keys/vendors/other/vendor-ml-dsa.key")));
    }

    @Test
    void rotatesAKeyAndRehearsesItWithoutATrace() {
        run("init");
        assertEquals(0, run("rotate", "image-root", "--dry-run", "--vehicle", "VIN-1=1", "--vehicle", "VIN-9=9"));
        assertFalse(Files.exists(home.resolve("keys/repository/image/2.root.json")));
        assertEquals(0, run("rotate", "image-root"));
        assertTrue(Files.exists(home.resolve("keys/repository/image/2.root.json")));
    }

    @Test
    void revokesAVendorOnce() {
        run("init");
        run("vendor", "acme", "--prefix", "com.acme");
        assertEquals(0, run("revoke-vendor", "acme"));
        assertEquals(1, run("revoke-vendor", "acme"));
    }

    @Test
    void saysFromAListOfTheFleetWhoWouldBeLeftBehind() throws IOException {
        run("init");
        run("vendor", "acme", "--prefix", "com.acme");
        Path fleet = Files.writeString(home.resolve("fleet.json"), """
                [{"id": "VIN-1", "directorRoot": 1, "imageRoot": 1, "attributes": {},
                  "installed": [{"appId": "com.acme.climate", "version": "1.0.0"}],
                  "desired": [{"appId": "com.acme.climate", "version": "2.0.0"}]},
                 {"id": "VIN-2", "directorRoot": 7, "imageRoot": 1, "attributes": {}, "installed": [], "desired": []},
                 {"id": "VIN-3", "directorRoot": 1, "imageRoot": 0, "attributes": {},
                  "installed": [{"appId": "com.acmeevil.app", "version": "1.0.0"}], "desired": []}]
                """);
        assertEquals(List.of("VIN-2"), leftBehind("rotate", "director-root", fleet));
        assertEquals(List.of("VIN-3"), leftBehind("rotate", "image-timestamp", fleet));
        assertEquals(List.of("VIN-1"), leftBehind("rotate-vendor", "acme", fleet));
        assertEquals(List.of("VIN-1"), leftBehind("revoke-vendor", "acme", fleet));
        assertTrue(out.toString().contains("keeps com.acme.climate 1.0.0"), out.toString());
        assertFalse(Files.exists(home.resolve("keys/repository/director/2.root.json")), "nothing was done");
        assertEquals(0, run("revoke-vendor", "acme"), "the vendor was still there");
        assertEquals(
                1,
                run(
                        "rotate",
                        "image-root",
                        "--dry-run",
                        "--fleet",
                        home.resolve("keys").toString()));
    }

    private List<String> leftBehind(String command, String what, Path fleet) throws IOException {
        out.getBuffer().setLength(0);
        assertEquals(0, run(command, what, "--dry-run", "--fleet", fleet.toString(), "--json"), out.toString());
        List<String> ids = new ArrayList<>();
        new ObjectMapper()
                .readTree(out.toString())
                .get("leftBehind")
                .fieldNames()
                .forEachRemaining(ids::add);
        return ids;
    }

    @Test
    void leadsFromOneOemRootToTheNextAndRehearsesBothStepsWithoutATrace() throws IOException {
        run("init");
        run("server");
        run("vehicle", "VIN-1");
        Path fleet = Files.writeString(home.resolve("fleet.json"), """
                [{"id": "VIN-1", "directorRoot": 1, "imageRoot": 1, "attributes": {}, "installed": [], "desired": []},
                 {"id": "VIN-2", "directorRoot": 1, "imageRoot": 9, "attributes": {}, "installed": [], "desired": []}]
                """);
        assertEquals(List.of("VIN-2"), leftBehind("rotate", "oem-root", fleet));
        assertFalse(Files.exists(home.resolve("keys/repository/image/2.root.json")), "nothing was done");
        assertEquals(1, run("retire", "oem-root"), "there is only one");
        assertEquals(0, run("rotate", "oem-root"), out::toString);
        assertEquals(0, run("rotate", "oem-fleet"), out::toString);
        assertEquals(List.of("VIN-2"), leftBehind("retire", "oem-root", fleet));
        assertEquals(List.of("VIN-1", "VIN-2"), leftBehind("retire", "oem-fleet", fleet));
        assertEquals(0, run("vehicle", "VIN-1", "--replace"));
        assertEquals(List.of("VIN-2"), leftBehind("retire", "oem-fleet", fleet));
        assertFalse(Files.exists(home.resolve("keys/repository/image/3.root.json")), "nothing was done");
        assertEquals(0, run("retire", "oem-root"), out::toString);
        assertEquals(0, run("retire", "oem-fleet"), out::toString);
        assertEquals(1, run("retire", "oem-fleet"));
        assertEquals(2, run("retire", "image-root"));
        assertEquals(0, run("list"));
    }

    @Test
    void aRehearsalWithoutVehiclesSaysThatNoneWereGiven() {
        run("init");
        run("vendor", "acme", "--prefix", "com.acme");
        for (String[] what : List.of(new String[] {"rotate", "image-root"}, new String[] {"rotate-vendor", "acme"})) {
            out.getBuffer().setLength(0);
            assertEquals(0, run(what[0], what[1], "--dry-run"), out::toString);
            assertTrue(out.toString().contains("no vehicles were given: --fleet FILE"), out.toString());
        }
        assertEquals(0, run("rotate", "image-root", "--dry-run", "--vehicle", "VIN-1=1"), out::toString);
        assertTrue(out.toString().contains("0 of 1 vehicles would be left behind"), out.toString());
    }

    @Test
    void aFileThatIsNoListOfVehiclesIsNotToBeWrittenOver() throws IOException {
        run("init");
        for (String content : List.of("# Read me", "[{\"id\": ", "{}")) {
            Path file = Files.writeString(home.resolve("README.md"), content);
            out.getBuffer().setLength(0);
            assertEquals(1, run("rotate", "image-root", "--dry-run", "--fleet", file.toString()));
            assertTrue(out.toString().contains(file + " is no list of vehicles: line 1"), out.toString());
            assertTrue(out.toString().contains("bulkhead vehicles --json > fleet.json"), out.toString());
            assertFalse(out.toString().contains("Source"), out.toString());
        }
        assertEquals(
                1,
                run(
                        "rotate",
                        "image-root",
                        "--dry-run",
                        "--fleet",
                        home.resolve("none").toString()));
        assertTrue(out.toString().contains("none cannot be read: no such file"), out.toString());
    }

    @Test
    void whatExistsIsReplacedAndWhatIsMissingMadeFirst() {
        assertEquals(1, run("vendor", "acme", "--prefix", "com.acme"));
        assertTrue(out.toString().contains("try: bulkhead keys init"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(1, run("list"));
        assertTrue(out.toString().contains("try: bulkhead keys init"), out.toString());
        run("init");
        for (String[] what : List.of(new String[] {"server"}, new String[] {"vehicle", "VIN-1"})) {
            String[] rest = Arrays.copyOfRange(what, 1, what.length);
            assertEquals(0, run(what[0], rest), out::toString);
            out.getBuffer().setLength(0);
            assertEquals(1, run(what[0], rest));
            assertTrue(out.toString().contains("try: --replace makes the next one"), out.toString());
        }
    }

    @Test
    void theListMarksWhatIsExpired() {
        InstantSource longAgo = InstantSource.fixed(Instant.now().minus(Duration.ofDays(400)));
        KeyDirectory old =
                new KeyDirectory(home.resolve("keys"), longAgo, new SecureRandom(), KeyDirectory.Validity.USUAL);
        old.init(Optional.empty());
        old.addServer(List.of(), Optional.empty());
        assertEquals(0, run("list"), out::toString);
        List<String> rows = out.toString().lines().toList();
        assertTrue(
                rows.stream().anyMatch(row -> row.startsWith("server") && row.endsWith("Z (expired)")), out::toString);
        assertTrue(rows.stream().anyMatch(row -> row.contains("enrolment") && row.endsWith("Z")), out::toString);
    }

    @Test
    void namesTheKeysThereAreWhenAskedForAnother() {
        assertEquals(2, run("rotate", "moon"));
    }

    private int run(String command, String... rest) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        String[] args = new String[rest.length + 4];
        args[0] = "keys";
        args[1] = command;
        System.arraycopy(rest, 0, args, 2, rest.length);
        args[args.length - 2] = "--home";
        args[args.length - 1] = home.toString();
        return line.execute(args);
    }
}
