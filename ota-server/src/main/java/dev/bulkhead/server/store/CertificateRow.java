package dev.bulkhead.server.store;

/**
 * A vehicle's certificate that was given out or taken back here.
 *
 * @param serial lower-case hex
 * @param issuedAt Unix time in ms; 0 when it was not given out here
 * @param notAfter Unix time in ms; 0 when it is not known
 * @param revokedAt Unix time in ms; 0 = never
 * @param reason why it was taken back; else empty
 */
public record CertificateRow(
        String serial, String vehicleId, long issuedAt, long notAfter, long revokedAt, String reason) {}
