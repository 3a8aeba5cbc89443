package dev.bulkhead.hal.can;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bounded receive queue behind every {@link CanPort}: filters, drops the oldest when full, wakes its reader once. Thread-safe.
 */
public final class FrameQueue {
    private record Waiting(CanFrame frame, long timeNanos) {}

    private final int depth;
    private final CanPort.Reader reader;
    private final AtomicBoolean wakeDue = new AtomicBoolean();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(16);
    private volatile List<CanFilter> filters;
    private long dropped;

    public FrameQueue(List<CanFilter> filters, int depth, CanPort.Reader reader) {
        if (depth < 1 || depth > CanPort.MAX_DEPTH) {
            throw new IllegalArgumentException("depth " + depth + " is not between 1 and " + CanPort.MAX_DEPTH);
        }
        this.depth = depth;
        this.reader = reader;
        this.filters = checked(filters);
    }

    private static List<CanFilter> checked(List<CanFilter> filters) {
        if (filters.size() > CanPort.MAX_FILTERS) {
            throw new IllegalArgumentException(filters.size() + " filters, at most " + CanPort.MAX_FILTERS);
        }
        return List.copyOf(filters);
    }

    public void filters(List<CanFilter> wanted) {
        filters = checked(wanted);
    }

    /** Takes the frame in when a filter accepts it; returns true when an older one was dropped for it. */
    public boolean offer(CanFrame frame, long timeNanos) {
        if (!accepts(frame.idWord())) {
            return false;
        }
        boolean full;
        synchronized (this) {
            full = waiting.size() == depth;
            if (full) {
                waiting.removeFirst();
                dropped++;
            } else if (waiting.isEmpty()) {
                wakeDue.set(true);
            }
            waiting.addLast(new Waiting(frame, timeNanos));
        }
        return full;
    }

    private boolean accepts(int idWord) {
        for (CanFilter filter : filters) {
            if (filter.accepts(idWord)) {
                return true;
            }
        }
        return false;
    }

    /** Wakes the reader if frames came after none waited; hold no lock of the bus when calling. */
    public void wakeReader() {
        if (wakeDue.compareAndSet(true, false)) {
            reader.ready();
        }
    }

    /** The same from the thread that took the frame off a real bus, holding no lock at all. */
    public void wakeReaderOnWire() {
        if (wakeDue.compareAndSet(true, false)) {
            reader.readyOnWire();
        }
    }

    public int receive(int max, CanPort.FrameSink sink) {
        int taken = 0;
        while (taken < max) {
            Waiting next;
            synchronized (this) {
                next = waiting.pollFirst();
            }
            if (next == null) {
                break;
            }
            sink.frame(next.frame(), next.timeNanos());
            taken++;
        }
        return taken;
    }

    public synchronized int size() {
        return waiting.size();
    }

    public synchronized long dropped() {
        return dropped;
    }
}
