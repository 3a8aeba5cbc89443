package dev.bulkhead.agent.identity;

import java.time.Duration;
import java.time.Instant;

/** What is to be done about a certificate now. */
enum RenewalStep {
    /** It is good for a while yet. */
    REST,
    /** Ask for the next one with this one; when that is refused, begin anew. */
    RENEW,
    /** This one opens no door any more: begin anew with the bootstrap identity. */
    RECOVER;

    /**
     * Decides from the certificate's dates. The vehicle's clock only says when to ask: it may be wrong by years, and never
     * keeps a certificate from being used.
     *
     * @param enrolled whether the certificate came from the enrolment service; the one from the factory is exchanged at once
     * @param turnedAway whether the fleet did not let it in
     */
    static RenewalStep of(Credential present, boolean enrolled, boolean turnedAway, Instant now) {
        if (!enrolled || !now.isBefore(present.ends())) {
            return RECOVER;
        }
        Duration half = Duration.between(present.begins(), present.ends()).dividedBy(2);
        return turnedAway || !now.isBefore(present.begins().plus(half)) ? RENEW : REST;
    }
}
