package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.Downlink;
import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.store.Database;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What all handlers need.
 *
 * @param downlink asked for at each use, because the broker starts after the handlers
 */
public record FleetParts(
        Database database,
        Assignments assignments,
        Supplier<Downlink> downlink,
        IncidentLog incidents,
        InstantSource time) {}
