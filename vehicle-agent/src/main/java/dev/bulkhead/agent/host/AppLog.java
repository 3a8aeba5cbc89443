package dev.bulkhead.agent.host;

import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.atomic.AtomicLong;

/** What one instance writes into the log of its app, within its budget, and what the host writes about it. Strand only, but for the figures. */
final class AppLog {
    private final String appId;
    private final int linesPerSecond;
    private final VehicleClock clock;
    private final LogBook book;
    private final TouchLedger ledger;
    private final TokenBucket rate;
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private long suppressed;

    AppLog(String appId, int linesPerSecond, VehicleClock clock, LogBook book, TouchLedger ledger) {
        this.appId = appId;
        this.linesPerSecond = linesPerSecond;
        this.clock = clock;
        this.book = book;
        this.ledger = ledger;
        this.rate = new TokenBucket(Math.max(1, linesPerSecond), clock.nanos());
    }

    /** Takes a line of the app; false when it is lost. */
    boolean own(String level, String text) {
        if (linesPerSecond == 0 || !rate.take(clock.nanos())) {
            suppressed++;
            dropped.incrementAndGet();
            ledger.exceeded("log", linesPerSecond, suppressed, "dropped");
            return false;
        }
        lines.incrementAndGet();
        host(level, text);
        return true;
    }

    /** Lines of the app that were taken. Any thread. */
    long lines() {
        return lines.get();
    }

    /** Lines of the app beyond its budget. Any thread. */
    long dropped() {
        return dropped.get();
    }

    /** Writes a line outside the budget; it says how many of the app's own were lost before. */
    void host(String level, String text) {
        book.add(new LogBook.Line(appId, clock.nanos(), clock.unixMillis(), level, text, suppressed));
        suppressed = 0;
    }
}
