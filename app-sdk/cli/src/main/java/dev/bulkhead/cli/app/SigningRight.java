package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** Whether a vendor's signature on an app would be believed: a package that nobody takes is better not made. */
record SigningRight(KeyDirectory keys, String vendor) {
    void require(String appId, Instant now) {
        X509Certificate certificate = keys.vendorChain(vendor).getFirst();
        Optional<VendorIdentity> identity = TrustAnchor.vendor(certificate);
        if (identity.isPresent() && !identity.get().owns(appId)) {
            throw CommandFailure.refused(
                    "the certificate of vendor " + vendor + " covers "
                            + identity.get().appIdPrefix() + ", not " + appId,
                    owner(appId)
                            .map(owner -> "--vendor " + owner + " owns it")
                            .orElse("bulkhead keys vendor NAME --prefix PREFIX makes a vendor that owns it"));
        }
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            throw CommandFailure.refused(
                    "the certificate of vendor " + vendor + " expired at " + end,
                    "bulkhead keys rotate-vendor " + vendor + " makes the next key and certificate");
        }
    }

    private Optional<String> owner(String appId) {
        return keys.vendors().stream()
                .filter(name -> TrustAnchor.vendor(keys.vendorChain(name).getFirst())
                        .filter(identity -> identity.owns(appId))
                        .isPresent())
                .findFirst();
    }
}
