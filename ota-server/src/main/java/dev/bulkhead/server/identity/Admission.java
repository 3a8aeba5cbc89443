package dev.bulkhead.server.identity;

import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.server.store.CertificateRow;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Whether a certificate that leads to the OEM root counts in this fleet now. TLS has looked at path and dates already; it is
 * done again here because a resumed TLS session looks at neither. Thread-safe.
 *
 * @param authorities that may have signed a vehicle's certificate; one that was replaced is not among them
 * @param time of the machine: TLS goes by it too
 */
public record Admission(List<X509Certificate> authorities, InstantSource time) {
    public Admission {
        authorities = List.copyOf(authorities);
    }

    /** Why the certificate opens no connection; empty when it does. */
    public Optional<String> objectionToConnect(Transaction tx, String vehicleId, X509Certificate certificate) {
        return Certificates.isBootstrap(certificate)
                ? Optional.of("a bootstrap certificate opens the enrolment service only")
                : objection(tx, vehicleId, certificate);
    }

    /** Why the certificate does not even prove who its holder is; empty when it does. */
    Optional<String> objection(Transaction tx, String vehicleId, X509Certificate certificate) {
        Instant now = time.instant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return Optional.of("the certificate expired at " + end);
        }
        if (authorities.stream().noneMatch(authority -> Certificates.isIssuedBy(certificate, authority))) {
            return Optional.of("the certificate was signed by no authority that is in force here");
        }
        if (tx.vehicles().find(vehicleId).map(VehicleRow::blocked).orElse(false)) {
            return Optional.of("vehicle " + vehicleId + " is blocked in this fleet");
        }
        return isRevoked(tx, vehicleId, certificate)
                ? Optional.of("certificate " + Certificates.serial(certificate) + " of vehicle " + vehicleId
                        + " was taken back")
                : Optional.empty();
    }

    private static boolean isRevoked(Transaction tx, String vehicleId, X509Certificate certificate) {
        Optional<CertificateRow> row = tx.certificates().find(Certificates.serial(certificate));
        if (row.isPresent()) {
            return row.get().revokedAt() != 0;
        }
        return !Certificates.isBootstrap(certificate)
                && certificate.getNotBefore().toInstant().toEpochMilli()
                        < tx.vehicles().certificatesFrom(vehicleId);
    }
}
