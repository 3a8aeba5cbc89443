package dev.bulkhead.security.keys;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One OEM root, or one fleet authority, following another. Each goes in two steps, so that everybody can be led across: after
 * {@code begin…} and {@code complete…} both count, after {@code retire…} only the newer does. All can be called again when they were
 * interrupted, and then finish. Not for concurrent use.
 */
public final class AuthoritySuccession {
    private static final String ROOT = "oem/root";
    private static final String FLEET = "oem/fleet";
    private static final String CROSS = "oem/root-cross.pem" + KeyFolder.NEXT;
    private static final String ENROLMENT = "online/enrolment.pem";
    private static final String SERVER = "server/server.pem";

    private final KeyDirectory keys;
    private final KeyFolder files;
    private final OemFiles oem;
    private final InstantSource time;
    private final SecureRandom random;
    private final KeyDirectory.Validity validity;

    AuthoritySuccession(
            KeyDirectory keys,
            KeyFolder files,
            OemFiles oem,
            InstantSource time,
            SecureRandom random,
            KeyDirectory.Validity validity) {
        this.keys = keys;
        this.files = files;
        this.oem = oem;
        this.time = time;
        this.random = random;
        this.validity = validity;
    }

    /** Makes the next root, vouched for by the present one, and has both believed. */
    public void beginRoot(Optional<char[]> passphrase) {
        if (!files.has(next(ROOT, ".key"))) {
            makeNextRoot(passphrase);
        }
        if (files.has(CROSS)) {
            oem.addRoot(nextCertificate(ROOT), files.chain(CROSS).getFirst(), time.millis());
        }
    }

    private void makeNextRoot(Optional<char[]> passphrase) {
        CertificateAuthority present = keys.authority(ROOT, passphrase);
        NewKey key = files.newOfflineKey(ROOT, KeyScheme.ECDSA_P256, passphrase, time, random);
        X509Certificate root = CertificateAuthority.newRoot(
                        key.signer(),
                        Certificates.commonName(present.certificate()),
                        validity.authority(),
                        time,
                        random)
                .certificate();
        saveNext(root, next(ROOT, ".pem"));
        saveNext(present.vouchFor(root), CROSS);
        files.save(key, next(ROOT, ".key"));
    }

    /** Certifies the keys of all authorities and vendors anew with the next root, and puts it in the present one's place. */
    public void completeRoot(Optional<char[]> passphrase) {
        CertificateAuthority root = nextAuthority(ROOT, passphrase);
        X509Certificate fleet = fleetOf(root);
        replace(SERVER, oem.chain(keys.server().chain().getFirst(), fleet));
        keys.enrolmentAuthority()
                .filter(authority -> !isOf(authority.certificate(), root))
                .ifPresent(authority -> replace(
                        ENROLMENT,
                        List.of(root.issueEnrolmentAuthority(
                                Certificates.commonName(authority.certificate()),
                                Certificates.publicKey(authority.certificate()),
                                left(authority.certificate())))));
        keys.vendors().forEach(vendor -> certifyVendor(vendor, root));
        putNextInPlace(ROOT);
        files.discard(CROSS);
    }

    private X509Certificate fleetOf(CertificateAuthority root) {
        X509Certificate present = files.chain(FLEET + ".pem").getFirst();
        if (isOf(present, root)) {
            return present;
        }
        X509Certificate fleet = root.issueFleetAuthority(
                Certificates.commonName(present), Certificates.publicKey(present), left(present));
        replace(FLEET + ".pem", List.of(fleet));
        return fleet;
    }

    private void certifyVendor(String vendor, CertificateAuthority root) {
        X509Certificate present = keys.vendorChain(vendor).getFirst();
        if (isOf(present, root) || time.instant().isAfter(present.getNotAfter().toInstant())) {
            return;
        }
        VendorIdentity identity = TrustAnchor.vendor(present)
                .orElseThrow(() -> new KeyException("the certificate of " + vendor + " names no vendor"));
        X509Certificate anew = root.issueVendor(identity, Certificates.publicKey(present), left(present));
        replace("vendors/" + vendor + "/vendor.pem", oem.chain(anew));
    }

    /** From now on the roots before the newest count no more. */
    public void retireRoots() {
        oem.keepNewest(OemFiles.ROOTS, oem.roots(), time.millis());
    }

    /** Makes the next fleet authority and the server's next certificate of it; vehicles of both authorities count. */
    public void replaceFleet(Optional<char[]> passphrase) {
        if (!files.has(next(FLEET, ".key"))) {
            NewKey key = files.newOfflineKey(FLEET, KeyScheme.ECDSA_P256, passphrase, time, random);
            X509Certificate present = files.chain(FLEET + ".pem").getFirst();
            saveNext(
                    keys.authority(ROOT, passphrase)
                            .issueFleetAuthority(
                                    Certificates.commonName(present), key.publicKey(), validity.authority()),
                    next(FLEET, ".pem"));
            files.save(key, next(FLEET, ".key"));
        }
        CertificateAuthority fleet = nextAuthority(FLEET, passphrase);
        oem.addFleet(fleet.certificate(), keys.fleetAuthorities(), time.millis());
        if (!isOf(keys.server().chain().getFirst(), fleet)) {
            keys.replaceServer(List.of(), fleet);
        }
        putNextInPlace(FLEET);
    }

    /** Fleet authorities before the present one, whose vehicles still count. */
    public List<X509Certificate> retiringFleets() {
        List<X509Certificate> all = keys.fleetAuthorities();
        return all.subList(1, all.size());
    }

    /** From now on vehicles of fleet authorities before the present one count no more. */
    public void retireFleets() {
        oem.keepNewest(OemFiles.FLEETS, keys.fleetAuthorities(), time.millis());
    }

    /** The certificate first, then the key: whoever finds the key's successor knows that the rest is not finished. */
    private void putNextInPlace(String base) {
        if (files.has(next(base, ".pem"))) {
            files.replaceWithNext(base + ".pem", time.millis());
        }
        files.replaceWithNext(base + ".key", time.millis());
    }

    private CertificateAuthority nextAuthority(String base, Optional<char[]> passphrase) {
        return new CertificateAuthority(files.key(next(base, ".key"), passphrase), nextCertificate(base), time, random);
    }

    private X509Certificate nextCertificate(String base) {
        return files.chain(files.has(next(base, ".pem")) ? next(base, ".pem") : base + ".pem")
                .getFirst();
    }

    private void saveNext(X509Certificate certificate, String path) {
        files.discard(path);
        files.save(List.of(certificate), path);
    }

    private void replace(String file, List<X509Certificate> chain) {
        if (!files.chain(file).equals(chain)) {
            oem.replace(file, chain, time.millis());
        }
    }

    private static boolean isOf(X509Certificate certificate, CertificateAuthority authority) {
        return Certificates.isIssuedBy(certificate, authority.certificate());
    }

    /** No certificate lives longer for being signed anew. */
    private Duration left(X509Certificate certificate) {
        Duration left =
                Duration.between(time.instant(), certificate.getNotAfter().toInstant());
        if (left.isNegative() || left.isZero()) {
            throw new KeyException("the certificate of " + Certificates.commonName(certificate)
                    + " has expired; replace it before the root is followed");
        }
        return left;
    }

    private static String next(String base, String suffix) {
        return base + suffix + KeyFolder.NEXT;
    }
}
