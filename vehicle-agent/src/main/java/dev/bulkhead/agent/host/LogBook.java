package dev.bulkhead.agent.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last lines of one app, over all its incarnations. Bounded. Thread-safe. */
public final class LogBook {
    /** Lines kept. */
    public static final int DEPTH = 1_000;

    /**
     * One line.
     *
     * @param suppressed lines lost to the rate limit right before this one
     */
    public record Line(String appId, long timeNanos, long unixMillis, String level, String text, long suppressed) {}

    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();

    public void add(Line line) {
        synchronized (this) {
            if (lines.size() == DEPTH) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
        listeners.forEach(listener -> listener.accept(line));
    }

    /** The last {@code most} lines, oldest first. */
    public synchronized List<Line> last(int most) {
        List<Line> all = new ArrayList<>(lines);
        return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, most)), all.size()));
    }

    /** Calls {@code listener} for every further line until the returned handle is closed; it must not block. */
    public Runnable follow(Consumer<Line> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
