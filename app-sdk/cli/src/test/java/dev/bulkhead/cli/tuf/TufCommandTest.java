package dev.bulkhead.cli.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.bulkhead.cli.Main;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.tuf.FileMetadataStore;
import dev.bulkhead.security.tuf.Hashes;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.Repository;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a repository on loopback, made by the repository side of the house. */
class TufCommandTest {
    private static final String PATH = VendorRole.packagePath("acme", "com.acme.app", "1.0.0");
    private static final byte[] CONTENT = "package".getBytes(StandardCharsets.UTF_8);

    private final Path folder;
    private final HttpServer server;
    private final StringWriter errors = new StringWriter();
    private final StringWriter out = new StringWriter();
    private final List<String> requests = new ArrayList<>();

    TufCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void publish() throws IOException {
        InstantSource time = InstantSource.system();
        KeyDirectory keys =
                new KeyDirectory(folder.resolve("keys"), time, new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(Optional.empty());
        TrustCeremony ceremony = new TrustCeremony(keys, Lifetimes.USUAL, time);
        ceremony.init(Optional.empty());
        keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        Repository repository = new Repository(
                new FileMetadataStore(folder.resolve("web")),
                keys.repositoryKey(RepositoryKey.IMAGE_SNAPSHOT, Optional.empty()),
                keys.repositoryKey(RepositoryKey.IMAGE_TIMESTAMP, Optional.empty()),
                Lifetimes.USUAL,
                time);
        ceremony.exportTo(repository);
        VendorRole vendor =
                new VendorRole(keys.vendorSigners("acme", Optional.empty()), time, Lifetimes.USUAL.vendor());
        TargetFile target = new TargetFile(PATH, CONTENT.length, Hashes.sha256(CONTENT), Optional.empty());
        repository.putDelegated(VendorRole.roleName("acme"), vendor.with(Optional.empty(), List.of(target)));
        repository.publish();
        serve();
    }

    private void serve() {
        server.createContext("/", exchange -> {
            String name = exchange.getRequestURI().getPath().substring(1);
            requests.add(name);
            Path file = folder.resolve("web").resolve(name);
            boolean target = name.startsWith("vendor/");
            byte[] body = target ? CONTENT : Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void initialisesRefreshesAndDownloads() throws IOException {
        assertEquals(0, run("init", root()), errors.toString());
        assertEquals(0, run("refresh"), errors.toString());
        assertEquals(0, download(PATH), errors.toString());
        try (var files = Files.list(folder.resolve("targets"))) {
            assertArrayEquals(CONTENT, Files.readAllBytes(files.findFirst().orElseThrow()));
        }
        String hash = Hashes.sha256(CONTENT).sha256().orElseThrow().hex();
        assertTrue(requests.getLast().endsWith("/1.0.0/" + hash + ".com.acme.app-1.0.0.sdvapp"), requests.getLast());
    }

    @Test
    void doesNotFetchATargetItHas() {
        run("init", root());
        assertEquals(0, download(PATH));
        long before = targetsFetched();
        assertEquals(0, download(PATH));
        assertEquals(before, targetsFetched());
    }

    @Test
    void printsWhatIsBelievedAsOneDocument() throws IOException {
        run("init", root());
        assertEquals(0, run("refresh", "--json"), errors.toString());
        JsonNode refreshed = new ObjectMapper().readTree(out.toString());
        for (String role : List.of("root", "timestamp", "snapshot", "targets")) {
            assertTrue(refreshed.at("/roles/" + role + "/version").asLong() >= 1, refreshed.toString());
        }
        assertFalse(refreshed.has("targets"), refreshed.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, download(PATH, "--json"), errors.toString());
        JsonNode downloaded = new ObjectMapper().readTree(out.toString());
        assertEquals(PATH, downloaded.at("/targets/0/name").asText());
        assertTrue(Files.exists(Path.of(downloaded.at("/targets/0/file").asText())));
        out.getBuffer().setLength(0);
        Files.writeString(folder.resolve("web/timestamp.json"), "{}");
        assertEquals(1, run("refresh", "--json"));
        JsonNode refused = new ObjectMapper().readTree(out.toString());
        assertTrue(refused.at("/error/message").asText().contains("timestamp.json refused"), refused.toString());
    }

    @Test
    void saysWhichTargetNobodyKnows() {
        run("init", root());
        assertEquals(1, download("vendor/acme/none/1/none"));
        assertTrue(errors.toString().contains("vendor/acme/none/1/none"), errors.toString());
    }

    @Test
    void saysWhichFileWasRefused() throws IOException {
        run("init", root());
        Files.writeString(folder.resolve("web/timestamp.json"), "{}");
        assertEquals(1, run("refresh"));
        assertTrue(errors.toString().contains("timestamp.json refused (malformed)"), errors.toString());
    }

    @Test
    void saysThatThereIsNoTrustedRoot() {
        assertEquals(1, run("refresh"));
        assertTrue(errors.toString().contains("no trusted root"), errors.toString());
    }

    @Test
    void treatsAMissingOptionAsAMistakeOfTheCaller() {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors));
        assertEquals(2, line.execute("tuf", "refresh"));
    }

    private long targetsFetched() {
        return requests.stream().filter(name -> name.startsWith("vendor/")).count();
    }

    private String root() {
        return folder.resolve("keys/trust/image-root.json").toString();
    }

    private int download(String target, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "--target-name",
                target,
                "--target-dir",
                folder.resolve("targets").toString(),
                "--target-base-url",
                url(),
                "download"));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(
                List.of("tuf", "--metadata-dir", folder.resolve("trust").toString(), "--metadata-url", url()));
        all.addAll(List.of(args));
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(out, true));
        return line.execute(all.toArray(String[]::new));
    }

    private String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }
}
