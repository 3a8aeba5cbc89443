package dev.bulkhead.server.main;

import dev.bulkhead.server.fleet.FleetDoor;
import dev.bulkhead.server.fleet.FleetHandlers;
import dev.bulkhead.server.fleet.IncidentLog;
import dev.bulkhead.server.fleet.UplinkRouter;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Counters of the running server. */
record ServerMetrics(UplinkRouter router, IncidentLog incidents, FleetDoor door, FleetHandlers handlers) {
    private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

    /** In Prometheus text format 0.0.4. */
    String page() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(4_096);
        try {
            TEXT.write(text, read(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private MetricSnapshots read() {
        return MetricSnapshots.of(
                GaugeSnapshot.builder()
                        .name("bulkhead_vehicles_connected")
                        .help("Vehicles on the broker now.")
                        .dataPoint(GaugeDataPointSnapshot.builder()
                                .value(door.connected())
                                .build())
                        .build(),
                CounterSnapshot.builder()
                        .name("bulkhead_block_bytes_sent")
                        .help("Bytes of packages sent in blocks.")
                        .dataPoint(point(handlers.blockBytesSent().getAsLong(), Labels.EMPTY))
                        .build(),
                counted("bulkhead_uplink_messages", "Messages of vehicles.", "kind", router.counts()),
                counted("bulkhead_incidents", "What was refused or made no sense.", "cause", incidents.counts()));
    }

    private static CounterSnapshot counted(String name, String help, String label, Map<String, Long> counts) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        counts.forEach((word, count) -> family.dataPoint(point(count, Labels.of(label, word))));
        return family.build();
    }

    private static CounterDataPointSnapshot point(long count, Labels labels) {
        return CounterDataPointSnapshot.builder()
                .value((double) count)
                .labels(labels)
                .build();
    }
}
