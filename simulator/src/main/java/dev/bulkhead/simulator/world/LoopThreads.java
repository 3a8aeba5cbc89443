package dev.bulkhead.simulator.world;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The threads that turn the event loop, one at a time: the one that holds the baton. A task that parks keeps its thread
 * and stack and passes the baton to another; when it is resumed it gets the baton back. So guest code can be suspended in
 * mid-callback while virtual time goes on, and what does not park costs no switch of threads.
 */
final class LoopThreads implements AutoCloseable {
    private static final int MOST_THREADS = 256;
    private static final long STACK_BYTES = 16L << 20;

    private final EventQueue queue;
    private final Deque<Holder> idle = new ArrayDeque<>();
    private final List<Holder> all = new ArrayList<>();
    private final Semaphore done = new Semaphore(0);
    private volatile long horizon;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    LoopThreads(EventQueue queue) {
        this.queue = queue;
    }

    void runUntil(long nanos) {
        refuseAfterFailure();
        horizon = nanos;
        idleHolder().take.release();
        done.acquireUninterruptibly();
        refuseAfterFailure();
    }

    private void refuseAfterFailure() {
        if (failure != null) {
            throw new IllegalStateException("an event failed at " + queue.now() + " ns", failure);
        }
    }

    /** Suspends the task that runs now until {@link #resume} is called with the holder this gives to {@code whenParked}. */
    void park(Holder me) throws InterruptedException {
        idleHolder().take.release();
        me.take.acquire();
    }

    /** Called by an event: the baton goes to a parked holder as soon as this event has returned. */
    void resume(Holder parked) {
        current().successor = parked;
    }

    Holder current() {
        if (Thread.currentThread() instanceof Holder holder && holder.owner() == this) {
            return holder;
        }
        throw new IllegalStateException("not on a thread of this world");
    }

    private synchronized Holder idleHolder() {
        Holder holder = idle.poll();
        if (holder != null) {
            return holder;
        }
        if (all.size() >= MOST_THREADS) {
            throw new IllegalStateException("more than " + MOST_THREADS + " turns are parked at once");
        }
        Holder created = new Holder(all.size());
        all.add(created);
        created.start();
        return created;
    }

    private synchronized void rest(Holder holder) {
        idle.push(holder);
    }

    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(Thread::interrupt);
    }

    /** One of the threads. */
    final class Holder extends Thread {
        private final Semaphore take = new Semaphore(0);
        private @Nullable Holder successor;

        private Holder(int number) {
            super(null, null, "world-" + number, STACK_BYTES);
            setDaemon(true);
        }

        private LoopThreads owner() {
            return LoopThreads.this;
        }

        @Override
        public void run() {
            try {
                take.acquire();
                while (!closed) {
                    turn();
                }
            } catch (InterruptedException theWorldWasClosed) {
                interrupt();
            }
        }

        private void turn() throws InterruptedException {
            Optional<Event> event = failure == null ? queue.next(horizon) : Optional.empty();
            if (event.isEmpty()) {
                giveTo(done);
                return;
            }
            runEvent(event.get());
            Holder next = successor;
            if (next != null) {
                successor = null;
                giveTo(next.take);
            }
        }

        private void giveTo(Semaphore next) throws InterruptedException {
            rest(this);
            next.release();
            take.acquire();
        }

        private void runEvent(Event event) {
            try {
                event.run();
            } catch (RuntimeException | Error broken) {
                failure = broken;
            }
        }
    }
}
