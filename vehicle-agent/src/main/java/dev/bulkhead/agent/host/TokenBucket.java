package dev.bulkhead.agent.host;

/** Lets through so many per second, with a burst of up to one second's worth (at least one). Not thread-safe. */
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double most;
    private double tokens;
    private long lastNanos;

    public TokenBucket(double perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond);
        this.tokens = most;
        this.lastNanos = nowNanos;
    }

    double perSecond() {
        return perSecond;
    }

    /** Takes one if there is one. */
    public boolean take(long nowNanos) {
        long elapsed = Math.max(0, nowNanos - lastNanos);
        lastNanos = nowNanos;
        tokens = Math.min(most, tokens + elapsed * perSecond / NANOS);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }
}
