package dev.bulkhead.agent.ota;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way onto the client's strand: bounded in turns by the strand and in bytes here, so that a flood is dropped instead of
 * kept. Whatever is dropped will be asked for again. A turn that fails is logged; the next one runs.
 */
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
    static final long MOST_BYTES = 16L << 20;
    private static final long AGAIN_NANOS = 100_000_000;

    private final Executor strand;
    private final Scheduler scheduler;
    private final VehicleClock clock;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Only closing ever waits for it: the strand runs one turn at a time. */
    private final ReentrantLock running = new ReentrantLock();

    private volatile boolean closed;

    Turns(Executor strand, Scheduler scheduler, VehicleClock clock) {
        this.strand = strand;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** False when the turn was dropped. */
    boolean soon(Runnable turn) {
        if (closed) {
            return false;
        }
        try {
            strand.execute(() -> run(turn));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** The same for a turn that keeps {@code bytes} alive while it waits. */
    boolean soon(int bytes, Runnable turn) {
        if (waitingBytes.addAndGet(bytes) > MOST_BYTES) {
            waitingBytes.addAndGet(-bytes);
            return false;
        }
        boolean taken = soon(() -> {
            waitingBytes.addAndGet(-bytes);
            turn.run();
        });
        if (!taken) {
            waitingBytes.addAndGet(-bytes);
        }
        return taken;
    }

    /** For what must not be dropped: tried again until the strand has room. */
    void surely(Runnable turn) {
        if (!soon(turn) && !closed) {
            scheduler.at(clock.nanos() + AGAIN_NANOS, () -> surely(turn));
        }
    }

    Scheduled after(Duration delay, Runnable turn) {
        return at(clock.nanos() + delay.toNanos(), turn);
    }

    Scheduled at(long nanos, Runnable turn) {
        return scheduler.at(nanos, () -> surely(turn));
    }

    /** Waits for the turn that runs, lets no other begin, then runs {@code last}, once. */
    void close(Runnable last) {
        running.lock();
        try {
            if (!closed) {
                closed = true;
                last.run();
            }
        } finally {
            running.unlock();
        }
    }

    private void run(Runnable turn) {
        running.lock();
        try {
            if (!closed) {
                turn.run();
            }
        } catch (RuntimeException e) {
            LOG.error("an update step failed and will be tried again: {}", e.getMessage(), e);
        } finally {
            running.unlock();
        }
    }
}
