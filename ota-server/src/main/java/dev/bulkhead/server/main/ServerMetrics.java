package dev.bulkhead.server.main;

import dev.bulkhead.server.fleet.FleetDoor;
import dev.bulkhead.server.fleet.FleetHandlers;
import dev.bulkhead.server.fleet.IncidentLog;
import dev.bulkhead.server.fleet.UplinkRouter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counters of the running server under Prometheus names. */
record ServerMetrics(UplinkRouter router, IncidentLog incidents, FleetDoor door, FleetHandlers handlers) {
    Map<String, Double> read() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("bulkhead_vehicles_connected", (double) door.connected());
        metrics.put("bulkhead_block_bytes_sent_total", (double)
                handlers.blockBytesSent().getAsLong());
        router.counts()
                .forEach((kind, count) ->
                        metrics.put("bulkhead_uplink_messages_total{kind=\"" + kind + "\"}", (double) count));
        incidents
                .counts()
                .forEach((cause, count) ->
                        metrics.put("bulkhead_incidents_total{cause=\"" + cause + "\"}", (double) count));
        return metrics;
    }
}
