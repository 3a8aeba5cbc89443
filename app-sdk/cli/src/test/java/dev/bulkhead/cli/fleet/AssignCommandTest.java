package dev.bulkhead.cli.fleet;

import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders to a server that takes each of them and is done at once. */
final class AssignCommandTest {
    private static final String DONE = """
            {"id": "a-17", "appId": "com.acme.climate", "version": "1.0.0", "wholeFleet": false, "createdAt": "",
             "finished": true, "counts": {"succeeded": 1}, "companions": [], "change": 1, "vehicles": []}
            """;

    @TempDir
    private Path folder;

    private final AtomicInteger orders = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(folder.resolve("token"), "0123456789012345678901234567890123456789012\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/assignments", exchange -> {
            if (exchange.getRequestMethod().equals("POST")) {
                orders.incrementAndGet();
            }
            byte[] body = DONE.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String[] assign(String... more) {
        String[] words = {
            "assign",
            "com.acme.climate",
            "--vehicle",
            "VIN-1",
            "--server",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--token-file",
            folder.resolve("token").toString()
        };
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @Test
    void aWaitThatIsNoTimeAssignsNothing() {
        String err = type(assign("--wait", "-3")).expect(2).err();
        assertTrue(err.contains("--wait -3 is no time"), err);
        assertEquals(0, orders.get());
    }

    @Test
    void whoWaitsLearnsTheIdBeforeWaiting() {
        assertTrue(type(assign("--wait", "5")).expect(0).err().startsWith("assignment a-17, followed for up to 5 s"));
        assertEquals(
                "a-17",
                type(assign("--wait", "5", "--json"))
                        .expect(0)
                        .document()
                        .get("id")
                        .asText());
        assertEquals("assignment a-17 goes on: bulkhead status a-17", GoesOn.farewell("a-17"));
    }
}
