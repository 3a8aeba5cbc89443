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
        // the server's own chain names the fleet authority, so its offline key and folder are not wanted here
        List<X509Certificate> authorities = new ArrayList<>(
                keys.server().chain().subList(1, keys.server().chain().size()));
        enrolling.ifPresent(authority -> authorities.add(authority.certificate()));
        Admission admission = new Admission(authorities, machineTime);
        return new FleetIdentity(
                admission,
                new Revocation(storage.database(), line::hangUp, machineTime),
                enrolling.map(authority -> new Enrolment(
                        storage.database(),
                        authority,
                        keys.trustAnchor(),
                        admission,
                        settings.certificateLifetime(),
                        storage.incidents(),
                        machineTime)));
    }
}
