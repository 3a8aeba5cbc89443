package dev.bulkhead.server.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.ServerClientException;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger, a clumsy program and a browser meet on the API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiTest {
    private static final int LIMIT = 200_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private Town town;
    private Path data;
    private FleetServer server;
    private ServerClient client;

    @BeforeAll
    void start(@TempDir Path folder) {
        town = Town.founded(folder);
        ServerSettings local = town.settings();
        data = local.data();
        ServerSettings small = new ServerSettings(
                local.data(),
                local.keys(),
                local.fleet(),
                "127.0.0.1",
                0,
                "127.0.0.1",
                0,
                LIMIT,
                0,
                ServerSettings.CERTIFICATE_LIFETIME);
        server = FleetServer.start(small, Town.TIME, new SecureRandom());
        client = town.client(server);
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
        http.close();
    }

    private HttpResponse<String> send(String method, String path, String body, boolean withToken)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.webPort() + path))
                .method(method, BodyPublishers.ofString(body));
        if (withToken) {
            request.header("Authorization", "Bearer " + server.token().value());
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void assertProblem(int status, String word, HttpResponse<String> response) throws IOException {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", ""));
        JsonNode problem = new ObjectMapper().readTree(response.body());
        assertEquals("urn:bulkhead:problem:" + word, problem.path("type").asText());
        assertEquals(status, problem.path("status").asInt());
        assertFalse(problem.path("detail").asText().isEmpty());
        assertFalse(problem.path("hint").asText().isEmpty());
    }

    @Test
    void everythingUnderTheApiWantsTheToken() throws Exception {
        for (String path : List.of("/api/v1/apps", "/api/v1/vehicles", "/api/v1/metrics", "/api/v1/nothing")) {
            assertProblem(401, "unauthorized", send("GET", path, "", false));
        }
        assertProblem(401, "unauthorized", send("PUT", "/api/v1/packages", "x", false));
    }

    @Test
    void healthConsoleAndDescriptionAreOpen() throws Exception {
        assertEquals(200, send("GET", "/health", "", false).statusCode());
        HttpResponse<String> console = send("GET", "/", "", false);
        assertTrue(console.body().contains("<title>Bulkhead fleet</title>"));
        assertTrue(console.headers().firstValue("Content-Security-Policy").isPresent());
        assertTrue(send("GET", "/openapi.json", "", false).body().contains("/api/v1/assignments"));
    }

    @Test
    void unknownPathsAndThingsAreProblems() throws Exception {
        assertProblem(404, "http", send("GET", "/api/v1/nothing", "", true));
        assertProblem(404, "unknown-vehicle", send("GET", "/api/v1/vehicles/nobody", "", true));
        assertProblem(404, "unknown-assignment", send("GET", "/api/v1/assignments/none", "", true));
        assertProblem(404, "no-metadata", send("GET", "/api/v1/metadata/image/vendor-nobody", "", true));
    }

    @Test
    void ordersAndParametersThatMakeNoSenseAreProblems() throws Exception {
        assertProblem(400, "order", send("POST", "/api/v1/assignments", "not json", true));
        assertProblem(400, "order", send("POST", "/api/v1/assignments", "{}", true));
        assertProblem(400, "order", send("POST", "/api/v1/assignments", "{\"appId\":\"a\",\"id\":\"#\"}", true));
        assertProblem(400, "parameter", send("GET", "/api/v1/vehicles?limit=0", "", true));
        assertProblem(400, "parameter", send("GET", "/api/v1/incidents?limit=many", "", true));
    }

    @Test
    void metadataThatMakesNoSenseIsAProblem() throws Exception {
        assertProblem(422, "malformed", send("PUT", "/api/v1/metadata/image/targets", "{}", true));
        assertProblem(422, "role", send("PUT", "/api/v1/metadata/image/timestamp", "{}", true));
    }

    @Test
    void packageOverTheLimitIsRefusedAndLeavesNothing() throws Exception {
        byte[] sdvapp = town.packed("acme", "com.acme.large", "1.0.0", 1, LIMIT + 1);
        ServerClientException refused = assertThrows(ServerClientException.class, () -> client.upload(sdvapp));
        assertEquals("too-large", refused.word());
        try (var files = Files.list(data.resolve("blobs").resolve("incoming"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void refusedPackageLeavesNoBlob() throws Exception {
        town.publish(client, "com.acme.first", "1.0.0", 5, 1_000);
        long before = blobs();
        byte[] older = town.packed("acme", "com.acme.first", "0.9.0", 4, 2_000);
        assertThrows(ServerClientException.class, () -> client.upload(older));
        assertEquals(before, blobs());
    }

    @Test
    void assetsThatNoVehicleWouldUnpackAreRefusedAndThoseThatFitAreTaken() throws Exception {
        long before = blobs();
        byte[] bomb = AssetArchive.pack(new TreeMap<>(Map.of("bomb", new byte[8 << 20])));
        byte[] large = town.packed("acme", "com.acme.maps", "1.0.0", 1, 1_000, Optional.of(bomb));
        ServerClientException refused = assertThrows(ServerClientException.class, () -> client.upload(large));
        assertEquals("too-large", refused.word());
        byte[] garbage = town.packed("acme", "com.acme.maps", "1.0.0", 1, 1_000, Optional.of(new byte[100]));
        refused = assertThrows(ServerClientException.class, () -> client.upload(garbage));
        assertEquals("bad-compression", refused.word());
        assertEquals(before, blobs());
        byte[] map = AssetArchive.pack(new TreeMap<>(Map.of("map", new byte[1 << 20])));
        client.upload(town.packed("acme", "com.acme.maps", "1.0.0", 1, 1_000, Optional.of(map)));
        assertEquals(before + 1, blobs());
    }

    private long blobs() throws IOException {
        try (var files = Files.walk(data.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void whoWaitsForAnAssignmentIsAnsweredWhenItChanges() throws Exception {
        town.publish(client, "com.acme.waited", "1.0.0", 1, 1_000);
        try (TestVehicle car = TestVehicle.connect(town, server.mqttPort(), "car-waited")) {
            car.hello();
            Views.Assignment assignment = client.assign("com.acme.waited", Optional.empty(), List.of("car-waited"));
            CompletableFuture<Views.Assignment> followed = CompletableFuture.supplyAsync(
                    () -> client.follow(assignment.id(), Duration.ofSeconds(30), Town.TIME, each -> {}));
            car.report(assignment.id(), UpdateState.UPDATE_STATE_FAILED, 0, 0);
            assertEquals(
                    "failed",
                    followed.get(30, TimeUnit.SECONDS).vehicles().getFirst().state());
        }
    }

    @Test
    void sameOrderTwiceIsOneAssignment() throws Exception {
        town.publish(client, "com.acme.once", "1.0.0", 1, 1_000);
        Views.Order order = new Views.Order("order-1", "com.acme.once", "", List.of());
        assertEquals("order-1", client.assign(order).id());
        assertEquals("order-1", client.assign(order).id());
        assertEquals(
                1,
                client.assignments().stream()
                        .filter(each -> each.id().equals("order-1"))
                        .count());
        Views.Order other = new Views.Order("order-1", "com.acme.once", "9.9.9", List.of());
        assertEquals(
                "id-taken",
                assertThrows(ServerClientException.class, () -> client.assign(other))
                        .word());
    }

    @Test
    void tokenFileIsForItsOwnerOnly() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("api-token"))));
    }

    @Test
    void unreachableServerIsSaidSo() {
        try (ServerClient nobody = town.client(1, server.token())) {
            assertEquals(
                    "unreachable",
                    assertThrows(ServerClientException.class, nobody::apps).word());
        }
    }
}
