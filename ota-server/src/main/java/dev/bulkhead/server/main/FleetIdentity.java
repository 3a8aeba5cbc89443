package dev.bulkhead.server.main;

import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.server.identity.Admission;
import dev.bulkhead.server.identity.Enrolment;
import dev.bulkhead.server.identity.Revocation;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who says which vehicle is which: put together from the key folder. */
record FleetIdentity(Admission admission, Revocation revocation, Optional<Enrolment> enrolment) {
    static FleetIdentity of(
            Storage storage, KeyDirectory keys, Line line, ServerSettings settings, InstantSource machineTime) {
        Optional<CertificateAuthority> enrolling = keys.enrolmentAuthority();
        List<X509Certificate> authorities = new ArrayList<>(keys.fleetAuthorities());
        enrolling.ifPresent(authority -> authorities.add(authority.certificate()));
        Admission admission = new Admission(authorities, machineTime);
        return new FleetIdentity(
                admission,
                new Revocation(storage.database(), line::hangUp, machineTime),
                enrolling.map(authority -> new Enrolment(
                        storage.database(),
                        authority,
                        keys.vehicleAnchor(),
                        cacerts(keys),
                        admission,
                        settings.certificateLifetime(),
                        storage.incidents(),
                        machineTime)));
    }

    /** Roots, and how each is vouched for by the one before (RFC 7030 section 4.1.3). */
    private static List<X509Certificate> cacerts(KeyDirectory keys) {
        List<X509Certificate> certificates = new ArrayList<>(keys.trustAnchor().roots());
        certificates.addAll(keys.crossCertificates());
        return certificates;
    }
}
