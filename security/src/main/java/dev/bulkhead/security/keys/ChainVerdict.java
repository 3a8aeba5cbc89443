package dev.bulkhead.security.keys;

import java.security.cert.X509Certificate;

/** What became of a certificate chain. */
public sealed interface ChainVerdict {
    /** The chain leads to the anchor and may be used for what was asked. */
    record Trusted(X509Certificate leaf) implements ChainVerdict {}

    /**
     * The chain is refused.
     *
     * @param problem why, for programs
     * @param detail why, for people
     */
    record Refused(Problem problem, String detail) implements ChainVerdict {}

    /** Why a chain is refused. */
    enum Problem {
        /** No certificates, too many, or one that cannot be decoded. */
        MALFORMED,
        /** No path to the anchor, or a signature on the path does not hold. */
        UNTRUSTED,
        /** A certificate on the path has expired. */
        EXPIRED,
        /** A certificate on the path is not valid yet. */
        NOT_YET_VALID,
        /** More authorities than an authority on the path allows below it. */
        PATH_TOO_LONG,
        /** Not made for this purpose: key usage, extended key usage or the vendor extension are not right. */
        WRONG_PURPOSE
    }
}
