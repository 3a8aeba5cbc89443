package dev.bulkhead.hal.actuation;

/**
 * How far a number may move. What was not used of the allowance is saved for one second at most, so that waiting does not earn a jump.
 * Belongs to the actuator, not to its owner: acquiring again gains nothing. Not thread-safe.
 */
final class SlewLimit {
    private static final double LONGEST_SAVED_SECONDS = 1.0;

    private boolean known;
    private double position;
    private long movedAtNanos;

    /** Tells where the actuator stands, unless commands have told it already. */
    void startAt(double value, long now) {
        if (!known && !Double.isNaN(value)) {
            moved(value, now);
        }
    }

    /** The value nearest to {@code wanted} that may be commanded now; whole numbers stay whole. */
    double clamp(double wanted, double perSecond, boolean whole, long now) {
        if (!known) {
            return wanted;
        }
        double saved = whole ? Math.max(LONGEST_SAVED_SECONDS, 1 / perSecond) : LONGEST_SAVED_SECONDS;
        double step = perSecond * Math.min(saved, Math.max(0, now - movedAtNanos) / 1e9);
        double allowed = whole ? Math.floor(step + 1e-9) : step;
        return Math.clamp(wanted, position - allowed, position + allowed);
    }

    /** Tells of a command that was carried out. Standing still uses up nothing. */
    void moved(double value, long now) {
        if (!known || value != position) {
            movedAtNanos = now;
        }
        known = true;
        position = value;
    }
}
