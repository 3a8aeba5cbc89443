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
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The OEM root certificate every chain must lead to (path validation per RFC 5280 section 6). Immutable. */
public final class TrustAnchor {
    private static final int MAX_CHAIN = 4;
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int DIGITAL_SIGNATURE = 0;

    private final X509Certificate root;

    /** @throws KeyException when the certificate is no authority */
    public TrustAnchor(X509Certificate root) {
        if (root.getBasicConstraints() < 0) {
            throw new KeyException("the trust anchor is not a certificate authority");
        }
        this.root = root;
    }

    /** The root certificate. */
    public X509Certificate certificate() {
        return root;
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

    /** A key store in memory with the root as its only trusted certificate, as TLS libraries want it. */
    public KeyStore toTrustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("oem-root", root);
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

    private List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        boolean endsWithRoot = !chain.isEmpty() && chain.getLast().equals(root);
        return endsWithRoot ? chain.subList(0, chain.size() - 1) : chain;
    }

    private Optional<ChainVerdict.Refused> validate(List<X509Certificate> path, Instant now) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new java.security.cert.TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertPathChecker(new VendorExtensionChecker());
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return rootProblem(now);
        } catch (CertPathValidatorException e) {
            return Optional.of(new ChainVerdict.Refused(problem(e), describe(path, e)));
        } catch (GeneralSecurityException e) {
            return Optional.of(
                    new ChainVerdict.Refused(ChainVerdict.Problem.MALFORMED, String.valueOf(e.getMessage())));
        }
    }

    /** PKIX takes the anchor as given; an expired root must not go on issuing trust. */
    private Optional<ChainVerdict.Refused> rootProblem(Instant now) {
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
        String which = e.getIndex() >= 0 && e.getIndex() < path.size()
                ? "certificate of "
                        + path.get(e.getIndex()).getSubjectX500Principal().getName() + ": "
                : "";
        return which + e.getMessage();
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
