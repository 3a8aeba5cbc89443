package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DenialLimiterTest {
    private static final AuditedApp APP = new AuditedApp("com.mallory.brakejack", "1.0.0", "mallory");

    private final AtomicLong now = new AtomicLong();
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());
    private final List<AuditEntry> entries = new ArrayList<>();
    private final DenialLimiter limiter = new DenialLimiter(
            entry -> {
                entries.add(entry);
                return 0;
            },
            time);

    @Test
    void recordsTheFirstAtOnceAndCountsTheRest() {
        hammer(100);
        assertEquals(1, entries.size());
        limiter.flush();
        assertEquals(1, entries.size());
        now.set(1000);
        limiter.flush();
        assertEquals(2, entries.size());
        assertEquals(99, entries.getLast().getDenied().getCount());
    }

    @Test
    void writesRarerTheLongerItGoesOnAndLosesNoAttempt() {
        for (int second = 0; second < 600; second++) {
            hammer(1000);
            now.addAndGet(1000);
            limiter.flush();
        }
        limiter.flushAll();
        assertEquals(600_000, total());
        assertEquals(true, entries.size() < 25, entries.size() + " entries for ten minutes");
    }

    @Test
    void recordsAtOnceAgainAfterAQuietTime() {
        hammer(1);
        now.set(1000);
        limiter.flush();
        hammer(1);
        assertEquals(2, entries.size());
    }

    @Test
    void anAppThatInventsNamesIsCountedTogether() {
        for (int i = 0; i < 10_000; i++) {
            limiter.denied(APP, "signal Vehicle.X" + i + " actuate", "r", "w");
        }
        assertEquals(20, entries.size());
        limiter.flushAll();
        assertEquals(10_000, total());
        assertEquals(DenialLimiter.MAX_KINDS + 1, entries.size());
    }

    private void hammer(int times) {
        for (int i = 0; i < times; i++) {
            limiter.denied(APP, "signal Vehicle.Chassis.Brake.PedalPosition actuate", "brakes", "no");
        }
    }

    private long total() {
        return entries.stream().mapToLong(e -> e.getDenied().getCount()).sum();
    }
}
