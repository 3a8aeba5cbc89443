package dev.bulkhead.server.main;

import dev.bulkhead.server.campaign.Rollouts;
import dev.bulkhead.server.fleet.FleetDoor;
import dev.bulkhead.server.repository.Publication;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done now and then though nobody asks: signing anew what would soon expire, taking rollouts on,
 * ending connections whose certificates have ended.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long EVERY_MINUTES = 10;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("housekeeping").daemon(true).unstarted(work));

    private Housekeeping() {}

    static Housekeeping start(Publication publication, Rollouts rollouts, FleetDoor door, Line line) {
        Housekeeping housekeeping = new Housekeeping();
        var _ = housekeeping.executor.scheduleWithFixedDelay(() -> advance(rollouts), 1, 1, TimeUnit.SECONDS);
        var _ = housekeeping.executor.scheduleWithFixedDelay(
                () -> freshen(publication), 0, EVERY_MINUTES, TimeUnit.MINUTES);
        var _ = housekeeping.executor.scheduleWithFixedDelay(() -> lookAround(door, line), 5, 5, TimeUnit.SECONDS);
        return housekeeping;
    }

    private static void freshen(Publication publication) {
        try {
            publication.freshen();
        } catch (RuntimeException e) {
            LOG.error("metadata could not be signed anew; trying again in {} minutes", EVERY_MINUTES, e);
        }
    }

    private static void advance(Rollouts rollouts) {
        try {
            rollouts.advance();
        } catch (RuntimeException e) {
            LOG.error("rollouts could not be taken on; trying again", e);
        }
    }

    private static void lookAround(FleetDoor door, Line line) {
        try {
            door.outstayed().forEach(line::hangUp);
        } catch (RuntimeException e) {
            LOG.error("connections could not be held against their certificates; trying again", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
