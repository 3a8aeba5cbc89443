package dev.bulkhead.security.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts what goes through one open handle. One thread counts, the one its app runs on; another may drain. Counting
 * is a load and a store without any fence, so it can stand in a path that reads a signal in a few nanoseconds.
 */
public final class UsageCounter {
    private static final VarHandle COUNT = handle("count");
    private static final VarHandle BYTES = handle("bytes");

    private final AuditedApp app;
    private final String access;
    private long count;
    private long bytes;
    private long drainedCount;
    private long drainedBytes;

    UsageCounter(AuditedApp app, String access) {
        this.app = app;
        this.access = access;
    }

    /** A counter that no summary ever sees, for what is refused anyway. */
    public static UsageCounter ofNobody() {
        return new UsageCounter(new AuditedApp("", "", ""), "");
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(UsageCounter.class, field, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** One more read. */
    public void touch() {
        COUNT.setOpaque(this, count + 1);
    }

    /** So many more frames or messages with so many bytes in all. */
    public void touch(long times, long payloadBytes) {
        COUNT.setOpaque(this, count + times);
        BYTES.setOpaque(this, bytes + payloadBytes);
    }

    AuditedApp app() {
        return app;
    }

    String access() {
        return access;
    }

    /** What came since the last drain; only the flusher calls this. */
    Drained drain() {
        long newCount = (long) COUNT.getOpaque(this);
        long newBytes = (long) BYTES.getOpaque(this);
        var drained = new Drained(newCount - drainedCount, newBytes - drainedBytes);
        drainedCount = newCount;
        drainedBytes = newBytes;
        return drained;
    }

    record Drained(long count, long bytes) {
        Drained plus(Drained other) {
            return new Drained(count + other.count, bytes + other.bytes);
        }
    }
}
