package dev.bulkhead.agent.sandbox;

/**
 * What one instance may use. Times in nanoseconds of CPU time.
 *
 * @param quotaNanos CPU per period over all callbacks; 0 = no quota
 * @param periodNanos length of a period on the vehicle's clock; &gt; 0
 * @param callbackNanos most CPU of one callback; 0 = no limit
 * @param memoryBytes most bytes of linear memory, tables and passive element segments together, and of what the host holds for the guest
 * @param onExceed what happens when the quota is used up before the period ends
 */
public record Budget(long quotaNanos, long periodNanos, long callbackNanos, long memoryBytes, OnExceed onExceed) {
    /** What an app chose to happen when its quota is used up. The per-callback limit always kills. */
    public enum OnExceed {
        /** Park in the middle of the callback until the period refills. */
        THROTTLE,
        /** End the callback with {@link KillCause#CPU_QUOTA}. */
        KILL,
        /** Like throttle, and the app is told by a budget-warning event so that it can do less. */
        DEGRADE
    }

    public Budget {
        if (quotaNanos < 0 || periodNanos <= 0 || callbackNanos < 0 || memoryBytes < 0) {
            throw new IllegalArgumentException("budget values must not be negative and the period must be positive");
        }
        if (memoryBytes > Limits.LARGEST_MEMORY) {
            throw new IllegalArgumentException("memory budget " + memoryBytes + " is above " + Limits.LARGEST_MEMORY);
        }
    }

    /** No CPU limit at all: for tools, never for an app in a vehicle. */
    public static Budget unlimitedCpu(long memoryBytes) {
        return new Budget(0, 100_000_000, 0, memoryBytes, OnExceed.KILL);
    }
}
