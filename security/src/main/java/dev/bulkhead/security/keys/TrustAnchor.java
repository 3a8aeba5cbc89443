package dev.bulkhead.security.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;

/**
 * The OEM root certificates a chain may lead to (path validation per RFC 5280 section 6): one, or two while a root follows
 * another; and keys of authorities that count no more, whoever signed for them. Immutable.
 */
public final class TrustAnchor {
    private static final int MAX_CHAIN = 6;
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int DIGITAL_SIGNATURE = 0;

    private static final int MOST_ROOTS = 16;
    private static final int MOST_WITHDRAWN = 256;

    private final List<X509Certificate> roots;
    private final Set<String> withdrawn;

    /** @throws KeyException when the certificate is no authority */
    public TrustAnchor(X509Certificate root) {
        this(List.of(root), Set.of());
    }

    /**
     * @param roots 1 to 16, the newest first
     * @param withdrawn ids of authorities' keys ({@link VerificationKey#keyId}) no chain may lead through; at most 256
     * @throws KeyException when a certificate is no authority, or there are none or too many
     */
    public TrustAnchor(List<X509Certificate> roots, Set<String> withdrawn) {
        if (roots.isEmpty() || roots.size() > MOST_ROOTS || withdrawn.size() > MOST_WITHDRAWN) {
            throw new KeyException(roots.size() + " trust anchors and " + withdrawn.size()
                    + " withdrawn keys: allowed are" + " 1 to " + MOST_ROOTS + " and " + MOST_WITHDRAWN);
        }
        if (roots.stream().anyMatch(root -> root.getBasicConstraints() < 0)) {
            throw new KeyException("the trust anchor is not a certificate authority");
        }
        this.roots = List.copyOf(roots);
        this.withdrawn = Set.copyOf(withdrawn);
    }

    /** The newest root certificate. */
    public X509Certificate certificate() {
        return roots.getFirst();
    }

    /** All root certificates, the newest first. */
    public List<X509Certificate> roots() {
        return roots;
    }

    /** Ids of authorities' keys that count no more. */
    public Set<String> withdrawn() {
        return withdrawn;
    }

    /**
     * Checks a vendor's chain, leaf first, at this time: made for package signatures and naming a vendor.
     *
     * @param chain without the root, or with it as last certificate
     */
    public ChainVerdict checkVendor(List<X509Certificate> chain, Instant now) {
        ChainVerdict verdict = check(chain, now, CODE_SIGNING);
        if (verdict instanceof ChainVerdict.Trusted trusted
                && vendor(trusted.leaf()).isEmpty()) {
            return new ChainVerdict.Refused(
                    ChainVerdict.Problem.WRONG_PURPOSE, "the certificate names no vendor and app-id prefix");
        }
        return verdict;
    }

    /** Checks a vehicle's chain, leaf first, at this time: made for TLS clients. */
    public ChainVerdict checkVehicle(List<X509Certificate> chain, Instant now) {
        return check(chain, now, CLIENT_AUTH);
    }

    /** The vendor a certificate names, if it is a vendor certificate; says nothing about trust. */
    public static Optional<VendorIdentity> vendor(X509Certificate certificate) {
        return VendorExtension.find(certificate);
    }

    /** A key store in memory with the roots as its only trusted certificates, as TLS libraries want it. */
    public KeyStore toTrustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("oem-root-" + i, roots.get(i));
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyException("cannot make a trust store in memory", e);
        }
    }

    private ChainVerdict check(List<X509Certificate> chain, Instant now, String purpose) {
        List<X509Certificate> path = withoutRoot(chain);
        if (path.isEmpty() || path.size() > MAX_CHAIN) {
            return new ChainVerdict.Refused(
                    ChainVerdict.Problem.MALFORMED,
                    path.size() + " certificates below the root, wants 1 to " + MAX_CHAIN);
        }
        Optional<ChainVerdict.Refused> refused = validate(path, now).or(() -> checkPurpose(path, purpose));
        return refused.isPresent() ? refused.get() : new ChainVerdict.Trusted(path.getFirst());
    }

    /** Up to the first certificate of a root's own name and key: its own, or one that its predecessor gave it. */
    private List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            if (roots.stream().anyMatch(root -> Certificates.isSameHolder(root, certificate))) {
                return chain.subList(0, i);
            }
        }
        return chain;
    }

    private Optional<ChainVerdict.Refused> validate(List<X509Certificate> path, Instant now) {
        try {
            PKIXParameters parameters = new PKIXParameters(pkixAnchors());
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertPathChecker(new VendorExtensionChecker());
            parameters.addCertPathChecker(new WithdrawnKeys(withdrawn));
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return rootProblem(result.getTrustAnchor().getTrustedCert(), now);
        } catch (CertPathValidatorException e) {
            return Optional.of(new ChainVerdict.Refused(problem(e), describe(path, e)));
        } catch (GeneralSecurityException e) {
            return Optional.of(
                    new ChainVerdict.Refused(ChainVerdict.Problem.MALFORMED, String.valueOf(e.getMessage())));
        }
    }

    private Set<java.security.cert.TrustAnchor> pkixAnchors() {
        Set<java.security.cert.TrustAnchor> anchors = new HashSet<>();
        roots.forEach(root -> anchors.add(new java.security.cert.TrustAnchor(root, null)));
        return anchors;
    }

    /** What a TLS end checks its peer's chain with. */
    CertPathTrustManagerParameters tlsParameters() throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(pkixAnchors(), new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.addCertPathChecker(new WithdrawnKeys(withdrawn));
        return new CertPathTrustManagerParameters(parameters);
    }

    /** PKIX takes the anchor as given; an expired root must not go on issuing trust. */
    private static Optional<ChainVerdict.Refused> rootProblem(X509Certificate root, Instant now) {
        return now.isAfter(root.getNotAfter().toInstant())
                ? Optional.of(new ChainVerdict.Refused(
                        ChainVerdict.Problem.EXPIRED,
                        "the root expired at " + root.getNotAfter().toInstant()))
                : Optional.empty();
    }

    private static ChainVerdict.Problem problem(CertPathValidatorException e) {
        CertPathValidatorException.Reason reason = e.getReason();
        if (reason == BasicReason.EXPIRED) {
            return ChainVerdict.Problem.EXPIRED;
        }
        if (reason == BasicReason.NOT_YET_VALID) {
            return ChainVerdict.Problem.NOT_YET_VALID;
        }
        if (reason == PKIXReason.PATH_TOO_LONG) {
            return ChainVerdict.Problem.PATH_TOO_LONG;
        }
        return ChainVerdict.Problem.UNTRUSTED;
    }

    private static String describe(List<X509Certificate> path, CertPathValidatorException e) {
        if (e.getIndex() < 0 || e.getIndex() >= path.size()) {
            return String.valueOf(e.getMessage());
        }
        X509Certificate certificate = path.get(e.getIndex());
        String which = "certificate of " + certificate.getSubjectX500Principal().getName() + ": ";
        return switch (problem(e)) {
            case EXPIRED -> which + "expired at " + certificate.getNotAfter().toInstant();
            case NOT_YET_VALID ->
                which + "not valid before " + certificate.getNotBefore().toInstant();
            case MALFORMED, UNTRUSTED, PATH_TOO_LONG, WRONG_PURPOSE -> which + e.getMessage();
        };
    }

    /** The leaf, and every authority on the path that limits its purposes, must be made for this one. */
    private static Optional<ChainVerdict.Refused> checkPurpose(List<X509Certificate> path, String purpose) {
        try {
            for (X509Certificate certificate : path) {
                List<String> purposes = certificate.getExtendedKeyUsage();
                boolean isLeaf = certificate.equals(path.getFirst());
                if (purposes == null ? isLeaf : !purposes.contains(purpose)) {
                    return wrongPurpose(certificate, "extended key usage lacks " + purpose);
                }
            }
        } catch (CertificateParsingException e) {
            return wrongPurpose(path.getFirst(), "malformed extended key usage");
        }
        X509Certificate leaf = path.getFirst();
        boolean[] usage = leaf.getKeyUsage();
        if (leaf.getBasicConstraints() >= 0 || usage == null || !usage[DIGITAL_SIGNATURE]) {
            return wrongPurpose(leaf, "not a leaf for digital signatures");
        }
        return Optional.empty();
    }

    private static Optional<ChainVerdict.Refused> wrongPurpose(X509Certificate certificate, String why) {
        return Optional.of(new ChainVerdict.Refused(
                ChainVerdict.Problem.WRONG_PURPOSE,
                "certificate of " + certificate.getSubjectX500Principal().getName() + ": " + why));
    }

    /** Tells PKIX that the extensions checked here afterwards are known. */
    private static final class VendorExtensionChecker extends PKIXCertPathChecker {
        @Override
        public void init(boolean forward) {}

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public Set<String> getSupportedExtensions() {
            return Set.of(VendorExtension.ID.getId(), EXTENDED_KEY_USAGE);
        }

        @Override
        public void check(Certificate certificate, Collection<String> unresolved) {
            unresolved.removeAll(getSupportedExtensions());
        }
    }
}
