package dev.bulkhead.simulator.world;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.SplittableRandom;

/**
 * A world with a clock of its own: it reads 0 at the start and moves from event to event. {@link #runUntil} turns the
 * loop; between two events nothing moves. Virtual civil time begins at a fixed instant.
 *
 * <p>Thread-safe towards strands; {@link #runUntil} is for one caller at a time.
 */
public final class World implements VehicleClock, Scheduler, AutoCloseable {
    /** Physics moves before anything else that happens at the same instant. */
    public static final int PHYSICS = 0;

    private static final int ORDINARY = 10;

    /** 2026-01-01T00:00:00Z, when every virtual day begins. */
    private static final long FIRST_UNIX_MILLIS = 1_767_225_600_000L;

    private final EventQueue queue = new EventQueue();
    private final long seed;
    private final LoopThreads threads;

    /** @param seed the one number that all chance in this world comes from */
    public World(long seed) {
        this.seed = seed;
        this.threads = new LoopThreads(queue);
    }

    @Override
    public long nanos() {
        return queue.now();
    }

    @Override
    public long unixMillis() {
        return FIRST_UNIX_MILLIS + queue.now() / 1_000_000;
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        return queue.add(nanos, ORDINARY, task);
    }

    /** Like {@link #at(long, Runnable)}; of events at the same instant the lowest priority number runs first. */
    public Scheduled at(long nanos, int priority, Runnable task) {
        return queue.add(nanos, priority, task);
    }

    /** A source of chance for one component, independent of every other's and the same on every run. */
    public SplittableRandom random(String component) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ component.hashCode());
    }

    /** A strand whose turns are events of this world. */
    public VirtualStrand strand(String name, int mostTurns) {
        return new VirtualStrand(name, mostTurns, this, threads);
    }

    /**
     * Runs every event that is due by {@code nanos}, then sets the clock there.
     *
     * @throws IllegalStateException if an event failed; its failure is the cause, and the world stands still
     */
    public void runUntil(long nanos) {
        threads.runUntil(nanos);
    }

    /** Ends the world's threads; turns that wait in it are abandoned. */
    @Override
    public void close() {
        threads.close();
    }
}
