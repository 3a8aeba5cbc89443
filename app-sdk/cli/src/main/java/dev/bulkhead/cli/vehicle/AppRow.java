package dev.bulkhead.cli.vehicle;

import dev.bulkhead.contract.proto.AppStatus;
import org.jspecify.annotations.Nullable;

/** One app in {@code bulkhead ps --json}; times in milliseconds, sizes in bytes, shares 0 to 1. */
record AppRow(
        String app,
        String version,
        long release,
        String vendor,
        String state,
        String cause,
        String wish,
        long uptimeMs,
        int restarts,
        int failures,
        double cpuMs,
        double cpuShare,
        double cpuQuotaMs,
        double cpuPeriodMs,
        long throttled,
        long memoryBytes,
        long memoryLimitBytes,
        long hostMemoryBytes,
        long storageBytes,
        long storageLimitBytes,
        int queueDepth,
        int queueLimit,
        long events,
        long dropped,
        int messagesWaiting,
        long messagesDropped,
        long denied,
        double callbackP99Ms,
        double jitterP99Ms,
        String update,
        String fallbackVersion,
        String candidateVersion,
        @Nullable Company ensemble) {
    private static final double NANOS_PER_MS = 1e6;

    static AppRow of(AppStatus app) {
        return new AppRow(
                app.getAppId(),
                app.getVersion(),
                app.getRelease(),
                app.getVendor(),
                app.getPhase(),
                app.getCause(),
                app.getWish(),
                app.getUptimeMs(),
                app.getRestarts(),
                app.getFailures(),
                app.getCpuNanos() / NANOS_PER_MS,
                app.getCpuShare(),
                app.getCpuQuotaNanos() / NANOS_PER_MS,
                app.getCpuPeriodNanos() / NANOS_PER_MS,
                app.getThrottled(),
                app.getMemoryBytes(),
                app.getMemoryLimitBytes(),
                app.getHostMemoryBytes(),
                app.getStorageBytes(),
                app.getStorageLimitBytes(),
                app.getQueueDepth(),
                app.getQueueLimit(),
                app.getEvents(),
                app.getDropped(),
                app.getMessagesWaiting(),
                app.getMessagesDropped(),
                app.getDenied(),
                app.getCallbackP99Nanos() / NANOS_PER_MS,
                app.getJitterP99Nanos() / NANOS_PER_MS,
                app.getUpdate(),
                app.getFallbackVersion(),
                app.getCandidateVersion(),
                Company.of(app));
    }
}
