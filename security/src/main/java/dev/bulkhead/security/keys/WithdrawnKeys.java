package dev.bulkhead.security.keys;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;

/** Refuses chains that lead through an authority whose key was taken back. */
final class WithdrawnKeys extends PKIXCertPathChecker {
    private final Set<String> keyIds;

    WithdrawnKeys(Set<String> keyIds) {
        this.keyIds = keyIds;
    }

    @Override
    public void init(boolean forward) {}

    @Override
    public boolean isForwardCheckingSupported() {
        return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
        return Set.of();
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolved) throws CertPathValidatorException {
        if (certificate instanceof X509Certificate x509 && x509.getBasicConstraints() >= 0 && isWithdrawn(x509)) {
            throw new CertPathValidatorException(
                    "the authority " + x509.getSubjectX500Principal().getName() + " was taken back",
                    null,
                    null,
                    -1,
                    BasicReason.REVOKED);
        }
    }

    private boolean isWithdrawn(X509Certificate authority) throws CertPathValidatorException {
        try {
            return keyIds.contains(Certificates.publicKey(authority).keyId());
        } catch (KeyException e) {
            throw new CertPathValidatorException("an authority with a kind of key that is not used here", e);
        }
    }
}
