package dev.bulkhead.security.signing;

import dev.bulkhead.security.keys.VendorIdentity;

/** What a package signature proved. */
public sealed interface Verdict {
    /** Signed by a vendor the OEM certified, for an app of its own, over exactly these bytes. */
    record Trusted(VendorIdentity vendor, String keyId, PackageStatement statement) implements Verdict {}

    /**
     * Refused.
     *
     * @param reason why, for programs
     * @param detail why, for people
     */
    record Refused(Reason reason, String detail) implements Verdict {}

    /** Why a package is refused. {@link #word()} goes into logs and messages. */
    enum Reason {
        /** Envelope or certificates above their size limit. */
        TOO_LARGE("too-large"),
        /** Not a DSSE envelope, or not a statement. */
        MALFORMED("malformed"),
        /** The envelope is for something else than a package of version 1. */
        WRONG_PAYLOAD_TYPE("payload-type"),
        /** No signature in the envelope. */
        UNSIGNED("unsigned"),
        /** The signature does not hold under the certified key. */
        BAD_SIGNATURE("signature"),
        /** The certificates lead to no vendor the OEM certified. */
        UNKNOWN_VENDOR("unknown-vendor"),
        /** The OEM has withdrawn this vendor's certificate. */
        REVOKED_VENDOR("revoked-vendor"),
        /** A certificate has expired or is not valid yet. */
        EXPIRED_CERTIFICATE("expired-certificate"),
        /** The app id does not lie under the vendor's prefix. */
        APP_OUTSIDE_PREFIX("prefix"),
        /** The signed digests are not the package's. */
        DIGESTS_DIFFER("digest"),
        /** App id, version or release are not those of the package's manifest. */
        IDENTITY_DIFFERS("identity");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** A stable word for this reason. */
        public String word() {
            return word;
        }
    }
}
