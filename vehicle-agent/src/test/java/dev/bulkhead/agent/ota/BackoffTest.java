package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    @Test
    void doublesUpToTheMostWithJitterOverTheUpperHalf() {
        Random random = new Random(1);
        for (int failures = 1; failures <= 100; failures++) {
            double step = Math.min(60, Math.pow(2, failures - 1)) * 1e9;
            long delay = backoff.delayNanos(failures, random);
            assertTrue(delay >= step / 2 && delay <= step, delay + " ns after " + failures + " failures");
        }
    }

    @Test
    void doesNotOverflowAfterYearsOfFailures() {
        assertTrue(backoff.delayNanos(Integer.MAX_VALUE, new Random(1))
                <= Duration.ofSeconds(60).toNanos());
    }

    @Test
    void refusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }
}
