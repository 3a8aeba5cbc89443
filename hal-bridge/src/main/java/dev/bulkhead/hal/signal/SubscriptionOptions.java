package dev.bulkhead.hal.signal;

/**
 * What a subscriber wants to hear.
 *
 * @param mode keep only the latest value, or queue them
 * @param minIntervalNanos least time between two deliveries; a value that comes sooner is held and, unless a newer one replaces it,
 *     delivered when the time is over. 0: no limit
 * @param deadband a number that moved by less since the last delivery is not delivered; 0: no limit
 * @param depth most values waiting in {@link Mode#QUEUE}; the oldest is dropped and counted. 1 to {@link #MAX_DEPTH}
 * @param changesOnly leave out a value equal to the one delivered last
 * @param initial deliver the present value at once
 */
public record SubscriptionOptions(
        Mode mode, long minIntervalNanos, double deadband, int depth, boolean changesOnly, boolean initial) {
    public static final int MAX_DEPTH = 4_096;

    /** How values wait for their reader. */
    public enum Mode {
        LATEST,
        QUEUE
    }

    public SubscriptionOptions {
        if (minIntervalNanos < 0) {
            throw new IllegalArgumentException("minimum interval " + minIntervalNanos + " ns is negative");
        }
        if (!(deadband >= 0) || Double.isInfinite(deadband)) {
            throw new IllegalArgumentException("deadband " + deadband + " is not a number from 0 up");
        }
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("depth " + depth + " is not between 1 and " + MAX_DEPTH);
        }
    }

    /** Every change, only the latest kept. */
    public static SubscriptionOptions latest() {
        return new SubscriptionOptions(Mode.LATEST, 0, 0, 1, true, false);
    }

    /** Every publication, up to {@code depth} kept. */
    public static SubscriptionOptions queue(int depth) {
        return new SubscriptionOptions(Mode.QUEUE, 0, 0, depth, false, false);
    }

    public SubscriptionOptions withMinInterval(long nanos) {
        return new SubscriptionOptions(mode, nanos, deadband, depth, changesOnly, initial);
    }

    public SubscriptionOptions withDeadband(double band) {
        return new SubscriptionOptions(mode, minIntervalNanos, band, depth, changesOnly, initial);
    }

    public SubscriptionOptions withInitial(boolean wanted) {
        return new SubscriptionOptions(mode, minIntervalNanos, deadband, depth, changesOnly, wanted);
    }

    public SubscriptionOptions withChangesOnly(boolean wanted) {
        return new SubscriptionOptions(mode, minIntervalNanos, deadband, depth, wanted, initial);
    }
}
