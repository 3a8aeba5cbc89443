package dev.bulkhead.agent.main;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayDeque;
import java.util.PriorityQueue;

/**
 * Virtual time for tests on one thread: turns and timers run in order of time, then of arrival. A turn that parks lets the others run
 * until its time has come.
 */
final class LoopWorld implements VehicleClock, Scheduler {
    private record Event(long at, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long now = 1_000_000_000L;
    private long order;
    private int strands;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return 1_767_225_600_000L + now / 1_000_000;
    }

    @Override
    public synchronized Scheduled at(long nanos, Runnable task) {
        Event event = new Event(Math.max(nanos, now), order++, task);
        queue.add(event);
        return () -> queue.remove(event);
    }

    /** Runs everything due within so many milliseconds. */
    void run(long millis) {
        runUntil(now + millis * 1_000_000L);
    }

    private void runUntil(long until) {
        while (!queue.isEmpty() && queue.peek().at() <= until) {
            Event next = queue.poll();
            now = Math.max(now, next.at());
            next.task().run();
        }
        now = Math.max(now, until);
    }

    Strand strand(String name, int depth) {
        strands++;
        return new LoopStrand(depth);
    }

    /** Strands that are open. */
    int strands() {
        return strands;
    }

    private final class LoopStrand implements Strand {
        private final int depth;
        private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
        private boolean busy;
        private boolean closed;
        private boolean interrupted;

        LoopStrand(int depth) {
            this.depth = depth;
        }

        @Override
        public boolean execute(Runnable turn) {
            if (closed || turns.size() >= depth) {
                return false;
            }
            turns.add(turn);
            if (!busy) {
                busy = true;
                at(now, this::next);
            }
            return true;
        }

        private void next() {
            Runnable turn = turns.poll();
            interrupted = false;
            if (turn == null) {
                busy = false;
                return;
            }
            turn.run();
            at(now, this::next);
        }

        @Override
        public void parkUntil(long nanos) {
            while (!interrupted && !queue.isEmpty() && queue.peek().at() <= nanos) {
                Event next = queue.poll();
                now = Math.max(now, next.at());
                next.task().run();
            }
            if (interrupted) {
                throw new KillException(KillCause.STOPPED);
            }
            now = Math.max(now, nanos);
        }

        @Override
        public void interrupt() {
            interrupted = true;
        }

        @Override
        public void close() {
            strands -= closed ? 0 : 1;
            closed = true;
            interrupted = true;
            turns.clear();
        }
    }
}
