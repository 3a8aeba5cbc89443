package dev.bulkhead.agent.main;

import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.CompartmentView;
import dev.bulkhead.hal.actuation.ActuatorView;
import dev.bulkhead.hal.driver.DriverRack;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the agent, its apps, actuators and drivers do, as metrics. One look at the views a reading; safe from any thread. */
final class AgentMetrics {
    private static final int LONGEST_LABEL = 128;

    private static final List<MetricFamily<CompartmentView>> COMPARTMENT = List.of(
            MetricFamily.counter(
                    "bulkhead_app_cpu_seconds",
                    "CPU time since it started.",
                    v -> v.cpu().totalNanos() / 1e9),
            MetricFamily.gauge(
                    "bulkhead_app_cpu_quota_ratio",
                    "CPU time it may use, as a share of one core; 0 without a quota.",
                    v -> (double) v.budget().quotaNanos() / v.budget().periodNanos()),
            MetricFamily.counter(
                    "bulkhead_app_throttled",
                    "Periods in which it had to wait.",
                    v -> v.cpu().throttled()),
            MetricFamily.counter(
                    "bulkhead_app_throttled_seconds",
                    "How long it had to wait in them.",
                    v -> v.cpu().throttledNanos() / 1e9),
            MetricFamily.gauge(
                    "bulkhead_app_memory_bytes", "Memory that counts towards its limit.", CompartmentView::memoryBytes),
            MetricFamily.gauge(
                    "bulkhead_app_host_memory_bytes",
                    "Memory the host holds for it: handles, queues, timers, mail, files.",
                    CompartmentView::hostBytes),
            MetricFamily.gauge(
                    "bulkhead_app_memory_limit_bytes",
                    "Memory it may hold.",
                    v -> v.budget().memoryBytes()),
            MetricFamily.gauge(
                    "bulkhead_app_storage_bytes", "Keys and values it stores.", CompartmentView::storageBytes),
            MetricFamily.gauge(
                    "bulkhead_app_storage_limit_bytes",
                    "Keys and values it may store.",
                    v -> v.manifest().budget().storageBytes()),
            MetricFamily.counter("bulkhead_app_log_lines", "Lines it wrote into its log.", CompartmentView::logLines),
            MetricFamily.counter(
                    "bulkhead_app_log_dropped", "Lines its log had no budget for.", CompartmentView::logDropped),
            MetricFamily.gauge(
                    "bulkhead_app_log_limit",
                    "Lines it may write in a second.",
                    v -> v.manifest().budget().logPerSecond()),
            MetricFamily.gauge("bulkhead_app_queue_depth", "Events that wait for it.", CompartmentView::queueDepth),
            MetricFamily.gauge("bulkhead_app_queue_limit", "Events that may wait.", CompartmentView::queueLimit),
            MetricFamily.counter("bulkhead_app_events", "Events delivered to it.", CompartmentView::events),
            MetricFamily.counter("bulkhead_app_dropped", "Events its queue had no room for.", CompartmentView::dropped),
            MetricFamily.gauge(
                    "bulkhead_app_messages_waiting", "Messages that wait for it.", CompartmentView::messagesWaiting),
            MetricFamily.counter(
                    "bulkhead_app_messages_dropped", "Messages it had no room for.", CompartmentView::messagesDropped),
            MetricFamily.counter("bulkhead_app_denied", "Touches it was denied.", CompartmentView::denied),
            MetricFamily.gauge(
                    "bulkhead_app_callback_p99_seconds",
                    "How long its last callbacks took, 99th percentile.",
                    v -> v.callbackP99Nanos() / 1e9),
            MetricFamily.gauge(
                    "bulkhead_app_timer_lateness_p99_seconds",
                    "How late its last timers came, 99th percentile.",
                    v -> v.latenessP99Nanos() / 1e9));

    private final Agent agent;
    private final List<MetricFamily<ActuatorView>> actuator;

    AgentMetrics(Agent agent) {
        this.agent = agent;
        this.actuator = List.of(
                MetricFamily.gauge(
                        "bulkhead_actuator_lease_seconds", "What is left of its owner's lease.", this::lease),
                MetricFamily.gauge(
                        "bulkhead_actuator_driven", "Whether a driver carries commands out.", v -> v.driven() ? 1 : 0),
                MetricFamily.counter("bulkhead_actuator_commands", "Commands carried out.", ActuatorView::commands),
                MetricFamily.counter("bulkhead_actuator_refusals", "Commands refused.", ActuatorView::refusals),
                MetricFamily.counter(
                        "bulkhead_actuator_failsafes", "Failsafes the host applied.", ActuatorView::failsafes));
    }

    MetricSnapshots read() {
        MetricSnapshots.Builder page = MetricSnapshots.builder();
        one(page, "bulkhead_uptime_seconds", "Since the agent started.", agent.uptimeNanos() / 1e9);
        one(page, "bulkhead_policy_epoch", "Of the policy in force.", (double)
                agent.policy().epoch());
        page.metricSnapshot(MetricFamily.<AgentMetrics>counter(
                        "bulkhead_audit_entries",
                        "In the audit log.",
                        m -> m.agent.auditLog().size())
                .of(List.of(this), _ -> Labels.EMPTY));
        apps(page, agent.orchestrator().apps());
        actuators(page);
        page.metricSnapshot(MetricFamily.<DriverRack.Health>gauge(
                        "bulkhead_driver_up",
                        "Whether the driver works.",
                        driver -> driver.failure().isPresent() ? 0 : 1)
                .of(agent.drivers().health(), driver -> Labels.of("driver", driver.driver())));
        return page.build();
    }

    private static void one(MetricSnapshots.Builder page, String name, String help, double value) {
        ToDoubleFunction<Double> itself = v -> v;
        page.metricSnapshot(MetricFamily.gauge(name, help, itself).of(List.of(value), _ -> Labels.EMPTY));
    }

    private static void apps(MetricSnapshots.Builder page, List<AppView> apps) {
        page.metricSnapshot(MetricFamily.<AppView>gauge("bulkhead_app_phase", "1 for the phase it is in.", _ -> 1)
                .of(apps, app -> label(app).add("phase", app.slot().phase().word())));
        page.metricSnapshot(MetricFamily.counter(
                        "bulkhead_app_restarts", "Starts after the first, since the agent started.", AppView::restarts)
                .of(apps, AgentMetrics::label));
        ensembles(page, apps);
        List<AppView> running =
                apps.stream().filter(app -> app.compartment().isPresent()).toList();
        for (MetricFamily<CompartmentView> family : COMPARTMENT) {
            page.metricSnapshot(
                    family.<AppView>with(app -> app.compartment().orElseThrow()).of(running, AgentMetrics::label));
        }
    }

    /** Apps that change as one, as long as they do: at most one such name for each app of the vehicle. */
    private static void ensembles(MetricSnapshots.Builder page, List<AppView> apps) {
        List<AppView> members =
                apps.stream().filter(app -> app.slot().part().isPresent()).toList();
        page.metricSnapshot(MetricFamily.<AppView>gauge(
                        "bulkhead_ensemble_stage", "1 for how far a member of apps that change as one is.", _ -> 1)
                .of(
                        members,
                        app -> ensemble(app)
                                .add("app", app.slot().appId())
                                .add(
                                        "stage",
                                        app.slot().part().orElseThrow().state().word())));
        Map<Labels, Long> sizes =
                members.stream().collect(Collectors.groupingBy(AgentMetrics::ensemble, Collectors.counting()));
        page.metricSnapshot(MetricFamily.<Map.Entry<Labels, Long>>gauge(
                        "bulkhead_ensemble_members", "Apps that change as one.", Map.Entry::getValue)
                .of(sizes.entrySet(), Map.Entry::getKey));
    }

    private static Labels ensemble(AppView member) {
        String id = member.slot().part().orElseThrow().ensemble();
        return Labels.of("ensemble", id.substring(0, Math.min(id.length(), LONGEST_LABEL)));
    }

    private static Labels label(AppView app) {
        return Labels.of("app", app.slot().appId());
    }

    /** Only those an app has touched: a vehicle has hundreds. */
    private void actuators(MetricSnapshots.Builder page) {
        List<ActuatorView> touched = agent.actuators().views().stream()
                .filter(v -> v.owner().isPresent() || v.commands() + v.refusals() + v.failsafes() > 0)
                .toList();
        List<ActuatorView> owned =
                touched.stream().filter(v -> v.owner().isPresent()).toList();
        page.metricSnapshot(MetricFamily.gauge(
                        "bulkhead_actuator_owned", "The priority of the app that owns it.", ActuatorView::priority)
                .of(owned, v -> label(v).add("app", v.owner().orElseThrow().app())));
        actuator.forEach(family -> page.metricSnapshot(family.of(touched, AgentMetrics::label)));
        List<ActuatorView> refused =
                touched.stream().filter(v -> !v.lastRefusal().isEmpty()).toList();
        page.metricSnapshot(MetricFamily.<ActuatorView>gauge(
                        "bulkhead_actuator_last_refusal", "1 for why one was last refused.", _ -> 1)
                .of(refused, v -> label(v).add("why", v.lastRefusal())));
    }

    private static Labels label(ActuatorView view) {
        return Labels.of("path", view.actuator().path().toString());
    }

    private double lease(ActuatorView view) {
        return view.owner().isEmpty()
                ? 0
                : Math.max(0, view.leaseUntilNanos() - agent.parts().clock().nanos()) / 1e9;
    }
}
