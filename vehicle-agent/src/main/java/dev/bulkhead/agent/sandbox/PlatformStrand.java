package dev.bulkhead.agent.sandbox;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A strand in real time: one platform thread and a bounded mailbox. The thread ends when the strand is closed. */
public final class PlatformStrand implements Strand {
    /** Four times what a guest may use by our estimates, and a reserve for the host functions it calls. Only what is used is ever resident. */
    private static final long STACK_BYTES = 4L * GuestInstance.STACK_BUDGET + 512 * 1024;

    private final BlockingQueue<Runnable> turns;
    private final LongSupplier clock;
    private final RealTime realTime;
    private final Thread thread;
    private final Object ranking = new Object();
    private volatile boolean closed;
    private @Nullable Runnable leave; // guarded by ranking; of real time, while the thread lives and is in it

    @SuppressWarnings("ThreadPriorityCheck") // that nothing relies on it is the point: budgets hold without
    private PlatformStrand(String name, int depth, Rank rank, LongSupplier clock, RealTime realTime) {
        this.turns = new ArrayBlockingQueue<>(depth);
        this.clock = clock;
        this.realTime = realTime;
        this.thread = Thread.ofPlatform()
                .name(name)
                .stackSize(STACK_BYTES)
                .daemon(true)
                .priority(priority(rank))
                .unstarted(this::run);
    }

    /**
     * Opens a strand.
     *
     * @param depth most turns waiting, at least 1
     * @param rank who runs on it; counts where the JVM was told to mind priorities ({@code -XX:ThreadPriorityPolicy=1})
     * @param clock the vehicle's monotonic clock, nanoseconds; must advance with {@link System#nanoTime}
     */
    public static PlatformStrand open(String name, int depth, Rank rank, LongSupplier clock) {
        return open(name, depth, rank, clock, RealTime.NONE);
    }

    /**
     * The same.
     *
     * @param realTime for what is {@link Rank#URGENT}
     */
    public static PlatformStrand open(String name, int depth, Rank rank, LongSupplier clock, RealTime realTime) {
        PlatformStrand strand = new PlatformStrand(name, depth, rank, clock, realTime);
        strand.thread.start();
        return strand;
    }

    /** The JVM makes nice 4 of the lowest, which leaves an app two fifths of the weight of the agent's threads and needs no privilege. */
    private static int priority(Rank rank) {
        return switch (rank) {
            case URGENT, AGENT -> Thread.NORM_PRIORITY;
            case APP -> Thread.MIN_PRIORITY;
        };
    }

    private void run() {
        try {
            while (!closed) {
                next().run();
            }
        } finally {
            leave();
        }
    }

    /** An interrupt here is {@link #close}, or came late for a turn that is over: either way there is nothing to run. */
    private Runnable next() {
        try {
            return turns.take();
        } catch (InterruptedException closedOrLate) {
            return () -> {};
        }
    }

    @Override
    public boolean execute(Runnable turn) {
        return !closed && turns.offer(turn);
    }

    @Override
    public void parkUntil(long nanos) {
        long left = nanos - clock.getAsLong();
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            if (closed || Thread.interrupted()) {
                throw new KillException(KillCause.STOPPED);
            }
            left = nanos - clock.getAsLong();
        }
    }

    /** Back to the agent's nice 0 needs a privilege; without it the JVM leaves things as they are. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // as above
    public void rank(Rank rank) {
        thread.setPriority(priority(rank));
        if (rank == Rank.URGENT) {
            enter();
        } else {
            leave();
        }
    }

    /** Whoever is late there is ranked with apps: the guest keeps the strand from doing so. */
    private void enter() {
        synchronized (ranking) {
            if (leave == null) {
                leave = realTime.enter(() -> rank(Rank.APP));
            }
        }
    }

    /** Before the thread ends, if not earlier: the kernel gives its number to another. */
    private void leave() {
        synchronized (ranking) {
            if (leave != null) {
                leave.run();
                leave = null;
            }
        }
    }

    @Override
    public void interrupt() {
        thread.interrupt();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
