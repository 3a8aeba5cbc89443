package dev.bulkhead.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A real browser without a window, driven over its DevTools protocol: opens, clicks, types, reads. */
public final class Browser implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final long PATIENCE_SECONDS = 60;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final WebSocket socket;
    private final String session;

    private Browser(Process process, String address) throws IOException {
        this.process = process;
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        String target = call("", "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        this.session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        size(1280, 900);
    }

    /** Starts one with a profile of its own in {@code folder}; skips the test where there is none, except in CI. */
    public static Browser start(Path folder) throws IOException {
        boolean ci = "true".equals(System.getenv("CI"));
        Assumptions.assumeTrue(ci || Files.isExecutable(PROGRAM), "chromium is not installed");
        Path profile = Files.createDirectories(folder.resolve("profile"));
        Process process = new ProcessBuilder(List.of(
                        PROGRAM.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--no-default-browser-check",
                        "--metrics-recording-only",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        try {
            Patience.await(
                    "the browser listens",
                    () -> !process.isAlive() || lines(port).size() >= 2);
            List<String> said = lines(port);
            if (said.size() < 2) {
                throw new IOException("chromium ended: " + Files.readString(folder.resolve("browser.log")));
            }
            return new Browser(process, "ws://127.0.0.1:" + said.get(0) + said.get(1));
        } catch (IOException | RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException beingWritten) {
            return List.of();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                answered(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void answered(String text) {
        try {
            JsonNode message = json.readTree(text);
            CompletableFuture<JsonNode> waiting =
                    answers.remove(message.path("id").asInt(-1));
            if (waiting != null) {
                waiting.complete(message);
            }
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private JsonNode call(String inSession, String method, Map<String, Object> parameters) throws IOException {
        int id = ids.incrementAndGet();
        ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
        message.set("params", json.valueToTree(parameters));
        if (!inSession.isEmpty()) {
            message.put("sessionId", inSession);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(json.writeValueAsString(message), true).join();
        JsonNode said = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (said.has("error")) {
            throw new AssertionError(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    /** The viewport in CSS pixels. */
    public void size(int width, int height) throws IOException {
        call(
                session,
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Whether the person prefers a dark page. */
    public void dark(boolean dark) throws IOException {
        call(
                session,
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Goes to a page and waits until it is loaded. */
    public void open(URI page) throws IOException {
        call(session, "Page.navigate", Map.of("url", page.toString()));
        awaitTrue("the page is loaded", "location.href !== 'about:blank' && document.readyState === 'complete'");
    }

    /** What an expression gives; a promise is waited for. */
    public JsonNode read(String expression) throws IOException {
        JsonNode result = call(
                session,
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** The text of the first element that fits, as a person sees it. */
    public String text(String selector) throws IOException {
        return read("document.querySelector(" + json.writeValueAsString(selector) + ")?.innerText ?? ''")
                .asText();
    }

    /** Waits until an expression is true. */
    public void awaitTrue(String what, String expression) {
        Patience.await(what, () -> {
            try {
                return read(expression).asBoolean();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Presses and releases the mouse in the middle of the first element that fits. */
    public void click(String selector) throws IOException {
        String find = "document.querySelector(" + json.writeValueAsString(selector) + ")";
        awaitTrue(selector + " is there", "!!" + find);
        JsonNode at = read("(() => { const e = " + find + "; e.scrollIntoView({ block: 'center', inline: 'center' });"
                + " const r = e.getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    session,
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.path("x").asDouble(),
                            "y",
                            at.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Types into whatever has the focus. */
    public void type(String text) throws IOException {
        call(session, "Input.insertText", Map.of("text", text));
    }

    /** Presses a key, {@code Escape} or {@code Enter} for instance. */
    public void press(String key, int code) throws IOException {
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    session,
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    /** A picture of what is to be seen, PNG. */
    public byte[] picture() throws IOException {
        return Base64.getDecoder()
                .decode(call(session, "Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asText());
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
