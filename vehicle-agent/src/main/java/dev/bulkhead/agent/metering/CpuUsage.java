package dev.bulkhead.agent.metering;

/**
 * What an account saw so far; a snapshot.
 *
 * @param totalNanos CPU time since the account was opened
 * @param periodNanos CPU time charged to the current period, debt of earlier ones included
 * @param periodStartNanos when the current period began, on the vehicle's clock
 * @param throttled times the guest was parked
 * @param throttledNanos time it spent parked, on the vehicle's clock
 * @param fuel instructions charged
 */
public record CpuUsage(
        long totalNanos, long periodNanos, long periodStartNanos, long throttled, long throttledNanos, long fuel) {}
