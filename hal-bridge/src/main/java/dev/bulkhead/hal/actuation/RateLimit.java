package dev.bulkhead.hal.actuation;

import java.util.HashMap;
import java.util.Map;

/**
 * So many commands per second for each app: the long-run rate is exact, and a command may come half a period early so that an app's
 * timer may jitter. Kept per app, not per claim: closing and opening again gains nothing. Not thread-safe.
 */
final class RateLimit {
    private final Map<String, Long> dueByApp = new HashMap<>();

    /** Whether a command may come now; counts nothing yet. */
    boolean allows(String app, double perSecond, long now) {
        Long due = dueByApp.get(app);
        return due == null || now >= due - period(perSecond) / 2;
    }

    /** Counts a command that was carried out. */
    void count(String app, double perSecond, long now) {
        dueByApp.values().removeIf(due -> due <= now);
        dueByApp.merge(app, now + period(perSecond), (due, fresh) -> due + period(perSecond));
    }

    private static long period(double perSecond) {
        return (long) Math.min(1e9 / perSecond, 1e15);
    }
}
