package dev.bulkhead.server.web;

import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.campaign.Rollouts;
import dev.bulkhead.server.campaign.Waker;
import dev.bulkhead.server.fleet.FleetViews;
import dev.bulkhead.server.fleet.IncidentLog;
import dev.bulkhead.server.identity.Revocation;
import dev.bulkhead.server.repository.ImageRepository;
import dev.bulkhead.server.repository.PackageIntake;
import dev.bulkhead.server.repository.Publication;
import dev.bulkhead.server.store.Database;
import java.util.function.Supplier;

/**
 * The rooms behind the API.
 *
 * @param metrics the page of them, asked for at each use
 */
public record Rooms(
        Database database,
        PackageIntake intake,
        Publication publication,
        ImageRepository image,
        Assignments assignments,
        Rollouts rollouts,
        Waker waker,
        Revocation revocation,
        IncidentLog incidents,
        FleetViews views,
        Supplier<String> metrics) {}
