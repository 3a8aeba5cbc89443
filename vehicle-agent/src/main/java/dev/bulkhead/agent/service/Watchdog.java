package dev.bulkhead.agent.service;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets systemd know that the agent lives for as long as its threads answer, on a thread of its own. When one does not, it says which, with
 * what the thread is doing, and tells nothing any more: systemd then starts the agent anew. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final Pulse pulse;
    private final Herald herald;
    private final long periodNanos;
    private final Thread thread;
    private volatile List<String> stuck = List.of();
    private volatile boolean closed;

    /** @param periodNanos between two looks; at most half of what {@code herald} bears */
    public Watchdog(Pulse pulse, Herald herald, long periodNanos) {
        this.pulse = pulse;
        this.herald = herald;
        this.periodNanos = periodNanos;
        this.thread = Thread.ofPlatform().daemon().name("watchdog").unstarted(this::run);
    }

    /** Called once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            look();
            LockSupport.parkNanos(periodNanos);
        }
    }

    /** One look. */
    void look() {
        List<String> before = stuck;
        List<String> now = pulse.look();
        stuck = now;
        if (now.isEmpty()) {
            herald.tell(before.isEmpty() ? "WATCHDOG=1" : "WATCHDOG=1\nSTATUS=running again");
        } else if (!now.equals(before)) {
            LOG.error("threads of the agent do not answer: {}\n{}", now, doing(now));
            herald.tell("STATUS=does not answer: " + String.join(", ", now));
        }
    }

    private static String doing(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            if (names.contains(each.getKey().getName())) {
                text.append(each.getKey()).append('\n');
                for (StackTraceElement frame : each.getValue()) {
                    text.append("    at ").append(frame).append('\n');
                }
            }
        }
        return text.toString();
    }

    /** The threads that do not answer. */
    public List<String> stuck() {
        return stuck;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
