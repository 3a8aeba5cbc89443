package dev.bulkhead.security.keys;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/** Certificates as a degenerate, unsigned CMS message, "certs-only" (RFC 5652, RFC 8551 section 3.2.2). */
public final class CertificateBundle {
    private static final int MOST = 6;

    private CertificateBundle() {}

    /** DER of the bundle; the order within is not kept by the format. */
    public static byte[] encode(List<X509Certificate> certificates) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            for (X509Certificate certificate : certificates) {
                generator.addCertificate(new X509CertificateHolder(Certificates.encoded(certificate)));
            }
            return generator.generate(new CMSAbsentContent(), false).getEncoded();
        } catch (IOException | CMSException e) {
            throw new KeyException("certificates that cannot be put into a CMS message", e);
        }
    }

    /**
     * The leaf followed by its issuers, as far as they are among {@code authorities}, without a self-signed root.
     *
     * @throws KeyException when the path is longer than six certificates
     */
    public static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> authorities) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        while (true) {
            X509Certificate last = chain.getLast();
            List<X509Certificate> issuers = authorities.stream()
                    .filter(authority -> !Certificates.isIssuedBy(authority, authority))
                    .filter(authority -> Certificates.isIssuedBy(last, authority))
                    .toList();
            if (issuers.isEmpty()) {
                return List.copyOf(chain);
            }
            if (chain.size() == MOST) {
                throw new KeyException("a certificate path of more than " + MOST + " certificates");
            }
            chain.add(issuers.getFirst());
        }
    }
}
