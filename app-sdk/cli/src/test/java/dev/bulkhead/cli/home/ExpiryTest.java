package dev.bulkhead.cli.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.keys.KeyDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExpiryTest {
    @TempDir
    private Path folder;

    @Test
    void warnsFromThirtyDaysBeforeTheEndOn() {
        KeyDirectory keys =
                new KeyDirectory(folder, InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(Optional.empty());
        X509Certificate root = keys.trustAnchor().certificate();
        Instant end = root.getNotAfter().toInstant();
        assertEquals(Optional.empty(), warning(end.minus(Duration.ofDays(30)), root));
        assertEquals(
                "warning: the certificate of it expires at " + end + ", in 12 days: this makes the next one",
                warning(end.minus(Duration.ofDays(12)), root).orElseThrow());
        assertTrue(warning(end.plusSeconds(1), root).orElseThrow().contains("expired at " + end));
    }

    private static Optional<String> warning(Instant now, X509Certificate certificate) {
        return new Expiry(now).warning("it", certificate, "this");
    }
}
