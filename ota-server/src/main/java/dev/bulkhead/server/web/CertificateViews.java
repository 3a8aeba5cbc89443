package dev.bulkhead.server.web;

import dev.bulkhead.server.store.CertificateRow;
import java.time.Instant;
import java.util.Objects;

/** What the API shows and takes about vehicles' certificates, written as in {@link Views}. */
public final class CertificateViews {
    private CertificateViews() {}

    /**
     * A vehicle's certificate that was given out or taken back here.
     *
     * @param serial lower-case hex
     * @param issuedAt empty when it was not given out here
     * @param notAfter empty when it is not known
     * @param revokedAt empty = never
     */
    public record Certificate(String serial, String issuedAt, String notAfter, String revokedAt, String reason) {
        static Certificate of(CertificateRow row) {
            return new Certificate(
                    row.serial(), time(row.issuedAt()), time(row.notAfter()), time(row.revokedAt()), row.reason());
        }

        private static String time(long unixMillis) {
            return unixMillis == 0 ? "" : Instant.ofEpochMilli(unixMillis).toString();
        }
    }

    /**
     * An order to take certificates of a vehicle back.
     *
     * @param serial of the one; empty = every one given out until now
     * @param reason for the record
     */
    public record RevocationOrder(String serial, String reason) {
        public RevocationOrder {
            serial = Objects.requireNonNullElse(serial, "");
            reason = Objects.requireNonNullElse(reason, "");
        }
    }
}
