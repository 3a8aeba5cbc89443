package dev.bulkhead.cli.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.Main;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.note.NoteSigner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";

    @TempDir
    Path folder;

    private String key = "";
    private String err = "";

    /** A key of zeros. */
    private static final class ZeroKey implements NoteSigner {
        private final Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new byte[32]);

        @Override
        public byte[] publicKey() {
            return key.generatePublicKey().getEncoded();
        }

        @Override
        public byte[] sign(byte[] message) {
            var signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        }
    }

    @BeforeEach
    void fillALog() throws IOException {
        Path data = Files.createDirectories(folder.resolve("vehicles").resolve("V1"));
        AuditSettings settings = AuditSettings.of("bulkhead/vehicle/V1");
        try (AuditLog log = AuditLog.open(
                data.resolve("audit.db"), settings, new ZeroKey(), () -> Instant.ofEpochSecond(1_790_000_000))) {
            log.append(app("com.polar.climate")
                    .setDeclared(AuditEntry.Declared.newBuilder()
                            .setPolicyEpoch(1)
                            .addRequests(AuditEntry.Declared.Request.newBuilder()
                                    .setLine("signal Vehicle.Speed read")
                                    .addEffective("signal Vehicle.Speed read")
                                    .setRule("rule")))
                    .build());
            for (int i = 0; i < 5; i++) {
                log.append(app("com.mallory.brakejack")
                        .setDenied(AuditEntry.Denied.newBuilder()
                                .setAccess(BRAKE)
                                .setRule("no app touches the brakes")
                                .setCount(1))
                        .build());
            }
            log.checkpoint();
        }
        key = json("export", folder.resolve("log.audit").toString()).get("key").asText();
    }

    private static AuditEntry.Builder app(String id) {
        return AuditEntry.newBuilder().setAppId(id).setVersion("1.0.0").setVendor("v");
    }

    @Test
    void showsTheMatrix() throws IOException {
        JsonNode rows = json("matrix").get("rows");
        assertEquals(2, rows.size());
        assertEquals(5, rows.get(0).get("denied").get("count").asInt());
        assertTrue(text(0, "matrix").contains("over-privileged"));
        assertTrue(text(0, "matrix", "--csv").startsWith("app,version"));
        assertEquals(1, json("matrix", "--only", "denied").get("rows").size());
        assertEquals(1, json("matrix", "--only", "undeclared").get("rows").size());
        assertEquals(2, json("matrix", "--vendor", "v").get("rows").size());
        assertEquals(0, json("matrix", "--vendor", "other").get("rows").size());
        assertEquals(
                0,
                json("matrix", "--to", "2020-01-01", "--only", "denied")
                        .get("rows")
                        .size());
    }

    @Test
    void saysWhoCanTouchSomething() throws IOException {
        assertEquals(1, json("who", "Vehicle.Chassis.**").get("rows").size());
        assertTrue(text(0, "who", "Vehicle.Cabin.**").contains("nobody can touch"));
        String typo = text(0, "who", "Vehicle.Chasis.Brake.PedalPosition");
        assertTrue(typo.contains("no entry, no grant and no signal"), typo);
        assertTrue(typo.contains("did you mean Vehicle.Chassis.Brake.PedalPosition?"), typo);
        text(2, "who", "can can0");
    }

    @Test
    void anAppThatTheLogDoesNotKnowIsNamed() {
        text(1, "matrix", "--app", "com.polar.climat");
        assertTrue(err.contains("no entry of this log is about an app com.polar.climat"), err);
        assertTrue(err.contains("try: --app com.polar.climate"), err);
    }

    @Test
    void callsNothingOverPrivilegedWhereNothingWasLogged() throws IOException {
        for (String view : new String[] {"matrix", "report"}) {
            String said = text(0, view, "--to", "2020-01-01");
            assertTrue(said.contains("there are no entries of use or denial in this window"), said);
            assertTrue(!said.contains("over-privileged"), said);
        }
        assertEquals(0, json("matrix", "--to", "2020-01-01").get("rows").size());
    }

    @Test
    void anUnknownKindOfEntryIsAUsageErrorThatListsThem() {
        text(2, "log", "--kind", "foo");
        assertTrue(err.contains("no entry is of the kind 'foo'") && err.contains("denied, "), err);
        assertTrue(text(0, "log", "--help").contains("actuated"));
    }

    @Test
    void showsEntries() throws IOException {
        assertEquals(6, json("log").size());
        assertEquals(3, json("log", "--kind", "denied", "-n", "3").size());
        assertEquals(
                0,
                json("log", "--from-entry", "0", "-n", "1").get(0).get("index").asInt());
        assertEquals(1, json("log", "--app", "com.polar.climate").size());
        assertTrue(text(0, "log").contains("no app touches the brakes"));
    }

    @Test
    void verifiesAnExportWithThePublicKeyAlone() throws IOException {
        Path file = folder.resolve("log.audit");
        assertTrue(text(0, "verify", "--log", file.toString(), "--key", key).contains("genuine: 6 entries"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 30] ^= 1;
        Files.write(file, bytes);
        assertTrue(text(5, "verify", "--log", file.toString(), "--key", key).contains("CHANGED: entry 5 was changed"));
        text(5, "matrix", "--log", file.toString(), "--key", key);
        assertTrue(err.contains("not what the vehicle signed"), err);
    }

    @Test
    void anExportGivesTheSameMatrix() throws IOException {
        String file = folder.resolve("log.audit").toString();
        assertEquals(json("matrix"), json("matrix", "--log", file, "--key", key));
        assertEquals(json("log"), json("log", "--log", file, "--key", key));
    }

    @Test
    void exportsAFolderToo() throws IOException {
        String target = folder.resolve("tiles").toString();
        json("export", "--tiles", target);
        assertEquals(
                true,
                json("verify", "--log", target, "--key", key).get("genuine").asBoolean());
        text(2, "export", target);
    }

    @Test
    void provesOneEntry() throws IOException {
        Path proof = folder.resolve("p");
        text(0, "prove", "3", "--out", proof.toString());
        assertTrue(text(0, "verify", "--proof", proof.toString(), "--key", key).contains("genuine: entry 3"));
        Files.writeString(proof, Files.readString(proof).replace("index 3", "index 0"));
        text(5, "verify", "--proof", proof.toString(), "--key", key);
        text(1, "prove", "99");
    }

    @Test
    void reportsAndWritesAPage() throws IOException {
        Path page = folder.resolve("audit.html");
        assertTrue(text(0, "report", "--html", page.toString()).contains("Over-privileged"));
        assertTrue(Files.readString(page).contains("com.mallory.brakejack"));
        assertEquals(1, json("report").get("mostDenied").get("rows").size());
    }

    @Test
    void asksForWhatIsMissing() {
        text(2, "verify", "--log", folder.resolve("log.audit").toString());
        assertTrue(err.contains("--key"), err);
        text(6, "verify", "--key", key);
        assertTrue(err.contains("no vehicle has run"), err);
        text(2, "matrix", "--from", "yesterday");
    }

    private JsonNode json(String... arguments) throws IOException {
        String[] all =
                Stream.concat(Arrays.stream(arguments), Stream.of("--json")).toArray(String[]::new);
        return new ObjectMapper().readTree(text(0, all));
    }

    private String text(int status, String... arguments) {
        var out = new StringWriter();
        var errors = new StringWriter();
        boolean offline = Arrays.asList(arguments).contains("verify")
                || Arrays.asList(arguments).contains("--log");
        Stream<String> home = offline ? Stream.of() : Stream.of("--home", folder.toString());
        String[] all = Stream.of(Stream.of("audit"), Arrays.stream(arguments), home)
                .flatMap(s -> s)
                .toArray(String[]::new);
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(errors));
        int found = line.execute(all);
        err = errors.toString();
        assertEquals(status, found, () -> out + err);
        return out.toString();
    }
}
