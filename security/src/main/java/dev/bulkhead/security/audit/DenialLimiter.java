package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records denials without letting an app fill the log with them: the first of a kind at once, 20 kinds a second at most,
 * the rest as a count after one second, then two, four, up to a minute while it goes on. Nothing is lost, attempts are only counted together.
 * Thread-safe.
 */
public final class DenialLimiter {
    /** Kinds of denial kept apart for one app; further ones are counted together. */
    public static final int MAX_KINDS = 256;

    private static final long FIRST_WINDOW_MILLIS = 1000;
    private static final long LONGEST_WINDOW_MILLIS = 60_000;
    private static final int AT_ONCE_PER_SECOND = 20;
    private static final String OTHERS = "(others)";

    private record Kind(AuditedApp app, String access, String rule, String why) {}

    private static final class Window {
        private long since;
        private long end;
        private long length = FIRST_WINDOW_MILLIS;
        private long count;

        Window(long now) {
            restart(now);
        }

        void restart(long now) {
            since = now;
            end = now + length;
            count = 0;
        }
    }

    private final AuditTrail trail;
    private final InstantSource time;
    private final Map<Kind, Window> windows = new LinkedHashMap<>();
    private final Map<AuditedApp, Integer> kinds = new HashMap<>();
    private long secondBegan;
    private int atOnce;

    /** Writes to {@code trail}; the first denials of kinds are written at once, but only so many in a second. */
    public DenialLimiter(AuditTrail trail, InstantSource time) {
        this.trail = trail;
        this.time = time;
    }

    /**
     * An app was refused.
     *
     * @param access what it tried, as an exact capability line
     * @throws AuditException if this is the first and cannot be recorded
     */
    public void denied(AuditedApp app, String access, String rule, String why) {
        if (isFirst(new Kind(app, access, rule, why))) {
            trail.append(entry(new Kind(app, access, rule, why), 1, time.millis()));
        }
    }

    private synchronized boolean isFirst(Kind kind) {
        Window window = windows.get(kind);
        if (window == null && kinds.merge(kind.app(), 1, Integer::sum) > MAX_KINDS) {
            kinds.merge(kind.app(), -1, Integer::sum);
            Kind others = new Kind(kind.app(), OTHERS, kind.rule(), "more than " + MAX_KINDS + " kinds of denial");
            window = windows.computeIfAbsent(others, k -> new Window(time.millis()));
        }
        boolean first = window == null;
        if (window == null) {
            window = new Window(time.millis());
            windows.put(kind, window);
        }
        if (first && mayWriteAtOnce()) {
            return true;
        }
        window.count++;
        return false;
    }

    private boolean mayWriteAtOnce() {
        long now = time.millis();
        if (now - secondBegan >= 1000 || now < secondBegan) {
            secondBegan = now;
            atOnce = 0;
        }
        return ++atOnce <= AT_ONCE_PER_SECOND;
    }

    /** Records the counts whose time has come; call it once a second. */
    public void flush() {
        due(false).forEach(trail::append);
    }

    /** Records all counts, before the log is closed. */
    public void flushAll() {
        due(true).forEach(trail::append);
    }

    private synchronized List<AuditEntry> due(boolean all) {
        long now = time.millis();
        List<AuditEntry> entries = new ArrayList<>();
        Iterator<Map.Entry<Kind, Window>> each = windows.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Kind, Window> next = each.next();
            Window window = next.getValue();
            if (!all && now < window.end) {
                continue;
            }
            if (window.count > 0) {
                entries.add(entry(next.getKey(), window.count, window.since));
                window.length = Math.min(LONGEST_WINDOW_MILLIS, window.length * 2);
                window.restart(now);
            } else {
                each.remove();
                kinds.computeIfPresent(next.getKey().app(), (app, n) -> n > 1 ? n - 1 : null);
            }
        }
        return entries;
    }

    private static AuditEntry entry(Kind kind, long count, long since) {
        return kind.app()
                .entry()
                .setDenied(AuditEntry.Denied.newBuilder()
                        .setAccess(kind.access())
                        .setRule(kind.rule())
                        .setWhy(kind.why())
                        .setCount(count)
                        .setSinceUnixMs(since))
                .build();
    }
}
