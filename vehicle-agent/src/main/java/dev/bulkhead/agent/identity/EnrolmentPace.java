package dev.bulkhead.agent.identity;

import dev.bulkhead.agent.ota.Backoff;
import java.time.Duration;

/**
 * How eagerly certificates are asked for.
 *
 * @param look how often the certificate's dates are held against the clock; 100 ms to 1 h
 * @param refused between tries while the service says no
 * @param unreachable between tries while it does not answer
 */
public record EnrolmentPace(Duration look, Backoff refused, Backoff unreachable) {
    /** Looks every 5 s; after a refusal 10 s to 1 h, without an answer 5 s to 2 min. */
    public static final EnrolmentPace STANDARD = new EnrolmentPace(
            Duration.ofSeconds(5),
            new Backoff(Duration.ofSeconds(10), Duration.ofHours(1)),
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(2)));

    public EnrolmentPace {
        if (look.toMillis() < 100 || look.toHours() > 1) {
            throw new IllegalArgumentException("looking every " + look + ": allowed are 100 ms to 1 h");
        }
    }
}
