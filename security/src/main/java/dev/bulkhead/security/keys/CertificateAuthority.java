package dev.bulkhead.security.keys;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Issues certificates with one key: the OEM root, or the fleet authority below it. A root may sign vendors and other
 * authorities; the fleet authority is limited by extended key usage to vehicles and servers, so that it can stand on a
 * server without being able to make a vendor. Safe for use by several threads.
 */
public final class CertificateAuthority {
    private final Signer signer;
    private final X509Certificate certificate;
    private final CertificateForge forge;

    /**
     * An authority that exists already.
     *
     * @throws KeyException when the key is not the certificate's
     */
    public CertificateAuthority(Signer signer, X509Certificate certificate, InstantSource time, SecureRandom random) {
        if (!Certificates.publicKey(certificate).equals(signer.publicKey())) {
            throw new KeyException("the authority's key does not belong to its certificate");
        }
        this.signer = signer;
        this.certificate = certificate;
        this.forge = new CertificateForge(time, random);
    }

    /** A new self-signed root that may have one level of authorities below it (path length 1). */
    public static CertificateAuthority newRoot(
            Signer signer, String name, Duration validity, InstantSource time, SecureRandom random) {
        CertificateForge forge = new CertificateForge(time, random);
        X509Certificate root = forge.issue(
                signer,
                Optional.empty(),
                new CertificateForge.Request(name, signer.publicKey(), validity),
                forge.authority(1, List.of()));
        return new CertificateAuthority(signer, root, time, random);
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * A certificate for the root that is to follow this one, of the same name: whoever trusts this root follows it to the
     * next ("new with old", RFC 4210 section 4.4). Lives as long as this root.
     */
    public X509Certificate vouchFor(X509Certificate next) {
        if (!next.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())) {
            throw new KeyException("the root that follows has another name: " + next.getSubjectX500Principal());
        }
        return issue(
                Certificates.commonName(next),
                Certificates.publicKey(next),
                forge.until(certificate.getNotAfter().toInstant()),
                forge.authority(1, List.of()));
    }

    /** A certificate for the fleet authority: vehicles and servers only, nothing below it. */
    public X509Certificate issueFleetAuthority(String name, VerificationKey key, Duration validity) {
        return issue(name, key, validity, forge.authority(0, CertificateForge.TLS_PURPOSES));
    }

    /** A certificate for the authority on the fleet server that renews vehicles' certificates: it can make nothing else. */
    public X509Certificate issueEnrolmentAuthority(String name, VerificationKey key, Duration validity) {
        return issue(name, key, validity, forge.authority(0, List.of(KeyPurposeId.id_kp_clientAuth)));
    }

    /** A certificate for a vendor's package key; names the vendor and its app-id prefix. */
    public X509Certificate issueVendor(VendorIdentity vendor, VerificationKey key, Duration validity) {
        return issue(vendor.vendor(), key, validity, forge.vendor(vendor));
    }

    /**
     * A TLS client certificate whose common name is the vehicle id.
     *
     * @param vehicleId letters, digits, {@code . _ -}; 1 to 64 characters
     */
    public X509Certificate issueVehicle(String vehicleId, VerificationKey key, Duration validity) {
        return issue(Certificates.checkVehicleId(vehicleId), key, validity, forge.tlsClient());
    }

    /**
     * A vehicle's bootstrap certificate: it opens the enrolment service ({@link Certificates#isBootstrap}), and no broker.
     *
     * @param vehicleId as in {@link #issueVehicle}
     */
    public X509Certificate issueBootstrap(String vehicleId, VerificationKey key, Duration validity) {
        return issue(Certificates.checkVehicleId(vehicleId), key, validity, forge.bootstrap());
    }

    /** A TLS server certificate for these DNS names and IP addresses. */
    public X509Certificate issueServer(List<String> hosts, VerificationKey key, Duration validity) {
        if (hosts.isEmpty()) {
            throw new KeyException("a server certificate wants at least one host name");
        }
        return issue(hosts.getFirst(), key, validity, forge.tlsServer(hosts));
    }

    private X509Certificate issue(
            String name, VerificationKey key, Duration validity, List<CertificateForge.Extension> extensions) {
        return forge.issue(
                signer, Optional.of(certificate), new CertificateForge.Request(name, key, validity), extensions);
    }
}
