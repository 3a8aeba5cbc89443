package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UsageCountersTest {
    private static final AuditedApp APP = new AuditedApp("com.polar.climate", "1.0.0", "polar");

    private final AtomicLong now = new AtomicLong(5000);
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());
    private final List<AuditEntry> entries = new ArrayList<>();
    private final AuditTrail trail = entry -> {
        entries.add(entry);
        return 0;
    };

    @Test
    void sumsUpTheHandlesOfOneAppAndAccess() {
        var counters = new UsageCounters(time);
        UsageCounter one = counters.open(APP, "signal A read");
        UsageCounter two = counters.open(APP, "signal A read");
        UsageCounter other = counters.open(APP, "can can0 rx 100");
        one.touch();
        two.touch();
        two.touch();
        other.touch(4, 32);
        now.set(6000);
        counters.flush(trail);
        assertEquals(2, entries.size());
        assertEquals(3, entries.getFirst().getUsed().getCount());
        assertEquals(5000, entries.getFirst().getUsed().getSinceUnixMs());
        assertEquals(4, entries.getLast().getUsed().getCount());
        assertEquals(32, entries.getLast().getUsed().getBytes());
    }

    @Test
    void saysNothingOfWhatWasNotUsed() {
        var counters = new UsageCounters(time);
        UsageCounter counter = counters.open(APP, "signal A read");
        counter.touch();
        counters.flush(trail);
        counters.flush(trail);
        assertEquals(1, entries.size());
    }

    @Test
    void keepsWhatAClosedHandleCounted() {
        var counters = new UsageCounters(time);
        UsageCounter counter = counters.open(APP, "signal A read");
        counter.touch();
        counters.close(counter);
        counters.flush(trail);
        counters.flush(trail);
        assertEquals(1, entries.size());
        assertEquals(1, entries.getFirst().getUsed().getCount());
    }

    @Test
    void losesNothingWhileAnotherThreadDrains() throws InterruptedException {
        var counters = new UsageCounters(time);
        UsageCounter counter = counters.open(APP, "signal A read");
        var done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 3_000_000; i++) {
                counter.touch();
            }
            done.set(true);
        });
        writer.start();
        while (!done.get()) {
            counters.flush(trail);
        }
        writer.join();
        counters.flush(trail);
        assertEquals(
                3_000_000,
                entries.stream().mapToLong(e -> e.getUsed().getCount()).sum());
        assertTrue(entries.stream().allMatch(e -> e.getUsed().getCount() > 0));
    }
}
