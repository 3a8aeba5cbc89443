package dev.bulkhead.agent.host;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The events one instance has waiting, by source. Sources say they are ready from any thread; the strand takes from them in turn, so that
 * one that never stops cannot starve the others. What waits is bounded by the sources; their depths together by {@link #reserve}.
 */
public final class EventInbox {
    /** Most events taken from one source before the next has its turn. */
    private static final int SHARE = 16;

    private final int limit;
    private final HeldMemory held;
    private final Object lock = new Object();

    // guarded by lock
    private final ArrayDeque<EventSource> ready = new ArrayDeque<>();
    private final Set<EventSource> waitingInLine = new LinkedHashSet<>();
    private final Set<EventSource> sources = new LinkedHashSet<>();
    private int reserved;
    private long lostWithSources;
    private boolean awake;
    private boolean open;
    private Runnable wake = () -> {};

    /**
     * Makes an empty one.
     *
     * @param limit most events that may wait over all sources, at least 1
     * @param held pays for the places
     */
    EventInbox(int limit, HeldMemory held) {
        this.limit = limit;
        this.held = held;
    }

    /** Starts to wake the reader: {@code onReady} runs once each time events wait after none did, or after {@link #rest}. */
    public void open(Runnable onReady) {
        synchronized (lock) {
            wake = onReady;
            open = true;
            awake = false;
        }
        wakeIfNeeded();
    }

    /** Stops waking the reader; events go on waiting, bounded as ever. */
    public void pause() {
        synchronized (lock) {
            open = false;
        }
    }

    private static long bytes(int depth) {
        return depth == 0 ? 0 : HeldMemory.SOURCE + HeldMemory.EVENT * depth;
    }

    /** Sets places aside for a source; false when the limit would be passed, or memory is short. One without places of its own always has room. */
    boolean reserve(EventSource source, int depth) {
        synchronized (lock) {
            if (depth > limit - reserved || !held.take(bytes(depth))) {
                return false;
            }
            reserved += depth;
            sources.add(source);
            return true;
        }
    }

    /** Gives the places back and forgets what waits there. */
    void forget(EventSource source, int depth) {
        synchronized (lock) {
            if (sources.remove(source)) {
                reserved -= depth;
                held.give(bytes(depth));
                lostWithSources += source.dropped();
                if (waitingInLine.remove(source)) {
                    ready.remove(source);
                }
            }
        }
    }

    /** The source has events. Any thread; cheap when it is in line already. */
    void ready(EventSource source) {
        synchronized (lock) {
            if (!sources.contains(source) || !waitingInLine.add(source)) {
                return;
            }
            ready.add(source);
        }
        wakeIfNeeded();
    }

    private void wakeIfNeeded() {
        Runnable call;
        synchronized (lock) {
            if (!open || awake || ready.isEmpty()) {
                return;
            }
            awake = true;
            call = wake;
        }
        call.run();
    }

    /** Takes events until the writer is full or none wait. Strand only. */
    public void take(EventWriter writer) {
        while (writer.room() > 0) {
            EventSource source;
            synchronized (lock) {
                source = ready.poll();
                if (source == null) {
                    return;
                }
                waitingInLine.remove(source);
            }
            source.drain(writer, Math.min(SHARE, writer.room()));
            if (source.waiting() > 0) {
                ready(source);
            }
        }
    }

    /** The reader has handled what it took and goes to rest; it is woken again at once if more waits. */
    public void rest() {
        synchronized (lock) {
            awake = false;
        }
        wakeIfNeeded();
    }

    /** How many events wait. */
    public int depth() {
        int sum = 0;
        synchronized (lock) {
            for (EventSource source : waitingInLine) {
                sum += source.waiting();
            }
        }
        return sum;
    }

    /** Places that no source has set aside yet. */
    int free() {
        synchronized (lock) {
            return limit - reserved;
        }
    }

    public int limit() {
        return limit;
    }

    /** How many events were lost so far, over all sources that are or were. */
    public long dropped() {
        synchronized (lock) {
            long sum = lostWithSources;
            for (EventSource source : sources) {
                sum += source.dropped();
            }
            return sum;
        }
    }
}
