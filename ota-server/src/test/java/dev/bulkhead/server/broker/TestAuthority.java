package dev.bulkhead.server.broker;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests: one root, and what it signs. */
public final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

    private final KeyPair keys;
    private final X509Certificate certificate;

    public TestAuthority(String name) throws Exception {
        keys = newKeys();
        var builder = builder(name, keys);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
        certificate = sign(builder);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Credentials of a TLS client. */
    public Credentials vehicle(String commonName) throws Exception {
        return issue(commonName, KeyPurposeId.id_kp_clientAuth);
    }

    /** Credentials that are not meant for TLS clients. */
    public Credentials other(String commonName) throws Exception {
        return issue(commonName, KeyPurposeId.id_kp_codeSigning);
    }

    /** What a broker on this machine needs, trusting this authority's clients. */
    public TlsMaterial broker() throws Exception {
        Credentials server = issue("localhost", KeyPurposeId.id_kp_serverAuth);
        return new TlsMaterial(
                server.keys().getPrivate(), List.of(server.certificate(), certificate), List.of(certificate));
    }

    private Credentials issue(String commonName, KeyPurposeId purpose) throws Exception {
        KeyPair pair = newKeys();
        var builder = builder(commonName, pair);
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(
                    GeneralName.iPAddress, InetAddress.getLoopbackAddress().getHostAddress())
        }));
        return new Credentials(pair, sign(builder), certificate);
    }

    private JcaX509v3CertificateBuilder builder(String subject, KeyPair pair) {
        Instant now = Instant.now();
        X500Name issuer = certificate == null
                ? new X500Name("CN=" + subject)
                : new X500Name(certificate.getSubjectX500Principal().getName());
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                new X500Name("CN=" + subject),
                pair.getPublic());
    }

    private X509Certificate sign(JcaX509v3CertificateBuilder builder)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** A key, its certificate and the root that signed it. */
    public record Credentials(KeyPair keys, X509Certificate certificate, X509Certificate root) {
        /** A context of a client that trusts the given server authority. */
        public SSLContext context(X509Certificate serverAuthority) throws Exception {
            char[] password = "x".toCharArray();
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("own", keys.getPrivate(), password, new X509Certificate[] {certificate, root});
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(own, password);
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("server", serverAuthority);
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trust);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        }
    }
}
