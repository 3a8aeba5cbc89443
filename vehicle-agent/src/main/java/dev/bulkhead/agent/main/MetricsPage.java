package dev.bulkhead.agent.main;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** {@code /healthz} and {@code /metrics} (Prometheus text format) on loopback. */
final class MetricsPage implements AutoCloseable {
    private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

    private final HttpServer server;
    private final Agent agent;
    private final Supplier<List<String>> stuck;

    private MetricsPage(HttpServer server, Agent agent, Supplier<List<String>> stuck) {
        this.stuck = stuck;
        this.server = server;
        this.agent = agent;
    }

    /** @param stuck the agent's threads that do not answer */
    static MetricsPage open(Agent agent, Supplier<List<String>> stuck, int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            MetricsPage page = new MetricsPage(server, agent, stuck);
            server.createContext("/healthz", exchange -> {
                boolean alive = stuck.get().isEmpty();
                answer(exchange, alive ? 200 : 503, page.health().getBytes(StandardCharsets.UTF_8));
            });
            AgentMetrics metrics = new AgentMetrics(agent);
            server.createContext("/metrics", exchange -> answer(exchange, 200, page(metrics)));
            server.start();
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics page cannot listen on 127.0.0.1:" + port, e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, byte[] text) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", PrometheusTextFormatWriter.CONTENT_TYPE);
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private String health() {
        List<String> still = stuck.get();
        if (!still.isEmpty()) {
            return "threads of the agent do not answer: " + String.join(", ", still) + "\n";
        }
        return agent.auditLog().condition().mayActuate()
                ? "ok\n"
                : agent.auditLog().condition().inWords() + "\n";
    }

    /** The metrics as they are now. */
    static byte[] page(AgentMetrics metrics) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(16_384);
        try {
            TEXT.write(text, metrics.read(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
