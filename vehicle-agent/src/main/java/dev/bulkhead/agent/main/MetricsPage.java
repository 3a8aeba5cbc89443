package dev.bulkhead.agent.main;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.CompartmentView;
import dev.bulkhead.hal.actuation.ActuatorView;
import dev.bulkhead.hal.driver.DriverRack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** {@code /healthz} and {@code /metrics} (Prometheus text format) on loopback. */
final class MetricsPage implements AutoCloseable {
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
                answer(exchange, alive ? 200 : 503, page::health);
            });
            server.createContext("/metrics", exchange -> answer(exchange, 200, () -> of(agent)));
            server.start();
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics page cannot listen on 127.0.0.1:" + port, e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, Supplier<String> page) throws IOException {
        try (exchange) {
            byte[] text = page.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
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
    static String of(Agent agent) {
        List<AppView> apps = agent.orchestrator().apps();
        StringBuilder text = new StringBuilder(4_096);
        line(text, "bulkhead_uptime_seconds", "", agent.uptimeNanos() / 1e9);
        line(text, "bulkhead_audit_entries_total", "", (double) agent.auditLog().size());
        line(text, "bulkhead_policy_epoch", "", (double) agent.policy().epoch());
        for (AppView app : apps) {
            String labels = "{app=\"" + app.slot().appId() + "\"}";
            String phase = "{app=\"" + app.slot().appId() + "\",phase=\""
                    + app.slot().phase().word() + "\"}";
            line(text, "bulkhead_app_phase", phase, 1);
            line(text, "bulkhead_app_restarts_total", labels, app.restarts());
            app.compartment().ifPresent(view -> compartment(text, labels, view));
        }
        for (ActuatorView actuator : agent.actuators().views()) {
            if (actuator.owner().isPresent() || actuator.commands() + actuator.refusals() + actuator.failsafes() > 0) {
                actuator(text, actuator, agent.parts().clock().nanos());
            }
        }
        for (DriverRack.Health driver : agent.drivers().health()) {
            line(
                    text,
                    "bulkhead_driver_up",
                    "{driver=\"" + escaped(driver.driver()) + "\"}",
                    driver.failure().isPresent() ? 0 : 1);
        }
        return text.toString();
    }

    /** Only those an app has touched: a vehicle has hundreds. */
    private static void actuator(StringBuilder text, ActuatorView view, long nowNanos) {
        String path = "path=\"" + view.actuator().path() + "\"";
        String labels = "{" + path + "}";
        view.owner()
                .ifPresent(owner -> line(
                        text,
                        "bulkhead_actuator_owned",
                        "{" + path + ",app=\"" + escaped(owner.app()) + "\"}",
                        view.priority()));
        double lease = view.owner().isEmpty() ? 0 : Math.max(0, view.leaseUntilNanos() - nowNanos) / 1e9;
        line(text, "bulkhead_actuator_lease_seconds", labels, lease);
        line(text, "bulkhead_actuator_driven", labels, view.driven() ? 1 : 0);
        line(text, "bulkhead_actuator_commands_total", labels, (double) view.commands());
        line(text, "bulkhead_actuator_refusals_total", labels, (double) view.refusals());
        line(text, "bulkhead_actuator_failsafes_total", labels, (double) view.failsafes());
        if (!view.lastRefusal().isEmpty()) {
            line(
                    text,
                    "bulkhead_actuator_last_refusal",
                    "{" + path + ",why=\"" + escaped(view.lastRefusal()) + "\"}",
                    1);
        }
    }

    private static void compartment(StringBuilder text, String labels, CompartmentView view) {
        gauge(text, "bulkhead_app_cpu_seconds_total", labels, view, v -> v.cpu().totalNanos() / 1e9);
        gauge(text, "bulkhead_app_throttled_total", labels, view, v ->
                (double) v.cpu().throttled());
        gauge(text, "bulkhead_app_memory_bytes", labels, view, v ->
                (double) v.usage().memoryBytes());
        gauge(text, "bulkhead_app_queue_depth", labels, view, CompartmentView::queueDepth);
        gauge(text, "bulkhead_app_events_total", labels, view, v -> (double) v.events());
        gauge(text, "bulkhead_app_dropped_total", labels, view, v -> (double) v.dropped());
        gauge(text, "bulkhead_app_messages_waiting", labels, view, CompartmentView::messagesWaiting);
        gauge(text, "bulkhead_app_messages_dropped_total", labels, view, v -> (double) v.messagesDropped());
        gauge(text, "bulkhead_app_denied_total", labels, view, v -> (double) v.denied());
        gauge(text, "bulkhead_app_timer_lateness_p99_seconds", labels, view, v -> v.latenessP99Nanos() / 1e9);
    }

    private static void gauge(
            StringBuilder text,
            String name,
            String labels,
            CompartmentView view,
            ToDoubleFunction<CompartmentView> value) {
        line(text, name, labels, value.applyAsDouble(view));
    }

    /** As label values are in the text format. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static void line(StringBuilder text, String name, String labels, double value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
