package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.VehicleId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads with bounded queues; a vehicle always uses the same one, so its messages stay in order and a slow one
 * holds up its own lane only.
 */
final class UplinkLanes implements AutoCloseable {
    private static final long STOP_SECONDS = 10;

    private final List<ThreadPoolExecutor> lanes = new ArrayList<>();

    UplinkLanes(int count, int depth) {
        for (int i = 0; i < count; i++) {
            int lane = i;
            lanes.add(new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(depth),
                    work -> Thread.ofPlatform()
                            .name("uplink-" + lane)
                            .daemon(true)
                            .unstarted(work)));
        }
    }

    /** Queues work for a vehicle; false when its lane is full or closed. */
    boolean offer(VehicleId vehicle, Runnable work) {
        try {
            lanes.get(Math.floorMod(vehicle.hashCode(), lanes.size())).execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Finishes what was taken, within bounds, and stops. */
    @Override
    public void close() {
        lanes.forEach(ThreadPoolExecutor::shutdown);
        try {
            for (ThreadPoolExecutor lane : lanes) {
                if (!lane.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    lane.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            lanes.forEach(ThreadPoolExecutor::shutdownNow);
            Thread.currentThread().interrupt();
        }
    }
}
