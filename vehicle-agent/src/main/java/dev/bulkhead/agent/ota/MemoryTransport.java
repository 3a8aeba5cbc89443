package dev.bulkhead.agent.ota;

import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A line that never leaves the process: messages travel for a fixed time on the vehicle's own clock, so that a simulation
 * hears the same things at the same instants on every run. The other end decides when the line stands.
 *
 * <p>Thread-safety: as safe as its scheduler; in simulation everything happens on the event queue.
 */
public final class MemoryTransport implements Transport {
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Duration latency;
    private final BiConsumer<Up, byte[]> fleet;
    private @Nullable Listener listener;
    private boolean up;
    /** Counts the lines there were: what was sent over one does not arrive over the next. */
    private int line;

    /**
     * @param latency one way, zero or more
     * @param fleet hears what the vehicle says
     */
    public MemoryTransport(VehicleClock clock, Scheduler scheduler, Duration latency, BiConsumer<Up, byte[]> fleet) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.latency = latency;
        this.fleet = fleet;
    }

    @Override
    public synchronized void open(Listener vehicle) {
        listener = vehicle;
    }

    /** The line stands from now on. Only after {@link #open}. */
    public synchronized void connect() {
        if (listener == null) {
            throw new IllegalStateException("nobody opened this transport");
        }
        if (!up) {
            up = true;
            line++;
            listener.connected();
        }
    }

    /** The line is cut: what is on its way is lost. */
    public synchronized void cut(String cause) {
        if (up && listener != null) {
            up = false;
            line++;
            listener.disconnected(cause);
        }
    }

    @Override
    public synchronized boolean publish(Up topic, byte[] payload) {
        if (!up) {
            return false;
        }
        later(() -> fleet.accept(topic, payload));
        return true;
    }

    /** Says something to the vehicle; lost when the line does not stand. */
    public synchronized void send(Dn topic, byte[] payload) {
        Listener vehicle = listener;
        if (up && vehicle != null) {
            later(() -> vehicle.received(topic, payload));
        }
    }

    private void later(Runnable arrival) {
        int sentOver = line;
        scheduler.at(clock.nanos() + latency.toNanos(), () -> {
            if (stillOn(sentOver)) {
                arrival.run();
            }
        });
    }

    private synchronized boolean stillOn(int sentOver) {
        return up && line == sentOver;
    }

    @Override
    public synchronized void close() {
        up = false;
        line++;
        listener = null;
    }
}
