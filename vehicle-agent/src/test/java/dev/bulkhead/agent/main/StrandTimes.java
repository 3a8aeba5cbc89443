package dev.bulkhead.agent.main;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** CPU time of the threads that ran one app, as the operating system counts it: what the agent says of it is not asked. */
final class StrandTimes {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Long, Long> nanos = new HashMap<>();
    private final String prefix;

    StrandTimes(String app) {
        prefix = app + "#";
    }

    /** To be called often enough to see each thread before it ends; answers what all of them have used so far. */
    Duration look() {
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(prefix)) {
                nanos.merge(thread.getThreadId(), threads.getThreadCpuTime(thread.getThreadId()), Math::max);
            }
        }
        return Duration.ofNanos(
                nanos.values().stream().mapToLong(Long::longValue).sum());
    }
}
