package dev.bulkhead.cli.home;

import dev.bulkhead.cli.output.Output;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks whether certificates are over, or soon will be, so that nobody has to find out from what fails. */
public record Expiry(Instant now) {
    private static final Duration SOON = Duration.ofDays(30);

    /** Whether it counts no more. */
    public boolean isOver(X509Certificate certificate) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }

    /**
     * Warns on standard error when it is over or has fewer than 30 days left.
     *
     * @param what whose it is
     * @param renewal the command that makes the next one
     */
    public void warn(Output output, String what, X509Certificate certificate, String renewal) {
        warning(what, certificate, renewal).ifPresent(output::note);
    }

    Optional<String> warning(String what, X509Certificate certificate, String renewal) {
        Instant end = certificate.getNotAfter().toInstant();
        if (isOver(certificate)) {
            return Optional.of("warning: the certificate of " + what + " expired at " + end + ": " + renewal
                    + " makes the next one");
        }
        Duration left = Duration.between(now, end);
        return left.compareTo(SOON) >= 0
                ? Optional.empty()
                : Optional.of("warning: the certificate of " + what + " expires at " + end + ", in " + left.toDays()
                        + " days: " + renewal + " makes the next one");
    }
}
