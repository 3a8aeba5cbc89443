package dev.bulkhead.server.identity;

import java.security.cert.X509Certificate;

/** What became of a request for a certificate. */
public sealed interface EnrolmentOutcome {
    /** Given out, and noted durably. */
    record Issued(X509Certificate certificate) implements EnrolmentOutcome {}

    /**
     * No certificate.
     *
     * @param problem why, for programs
     * @param detail why, for people
     */
    record Refused(Problem problem, String detail) implements EnrolmentOutcome {}

    /** Why there is no certificate. */
    enum Problem {
        /** The peer showed no certificate that names a vehicle. */
        UNIDENTIFIED,
        /** It showed one, but that is not enough for what it asks. */
        NOT_ENTITLED,
        /** The request is not one, or asks for something else than a vehicle's certificate. */
        MALFORMED,
        /** Too many within an hour. */
        TOO_MANY
    }
}
