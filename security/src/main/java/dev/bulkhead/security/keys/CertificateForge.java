package dev.bulkhead.security.keys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/** Builds and signs X.509 version 3 certificates (RFC 5280). */
final class CertificateForge {
    static final List<KeyPurposeId> TLS_PURPOSES =
            List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth);

    /** An enhanced key usage of our own, under the UUID arc 2.25: opens the enrolment service and nothing else. */
    static final KeyPurposeId BOOTSTRAP =
            KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.25.271903847120576382914607712894061338155"));

    /** Clocks differ a little; a certificate is valid from slightly before it is made. */
    private static final Duration BACKDATE = Duration.ofMinutes(5);

    private final InstantSource time;
    private final SecureRandom random;

    CertificateForge(InstantSource time, SecureRandom random) {
        this.time = time;
        this.random = random;
    }

    record Request(String commonName, VerificationKey key, Duration validity) {
        Request {
            if (validity.isNegative() || validity.isZero()) {
                throw new KeyException("a certificate's validity must be positive, not " + validity);
            }
        }
    }

    record Extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

    X509Certificate issue(
            Signer issuerKey, Optional<X509Certificate> issuer, Request request, List<Extension> extensions) {
        X500Name subject = name(request.commonName());
        X500Name issuerName = issuer.map(certificate -> X500Name.getInstance(
                        certificate.getSubjectX500Principal().getEncoded()))
                .orElse(subject);
        Instant now = time.instant();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuerName,
                new BigInteger(126, random).setBit(126),
                Date.from(now.minus(BACKDATE)),
                Date.from(now.plus(request.validity())),
                subject,
                SubjectPublicKeyInfo.getInstance(Certificates.subjectPublicKeyInfo(request.key())));
        try {
            for (Extension extension : extensions) {
                builder.addExtension(extension.id(), extension.critical(), extension.value());
            }
            return Certificates.parse(builder.build(contentSigner(issuerKey)).getEncoded(), request.commonName());
        } catch (IOException e) {
            throw new KeyException("cannot encode the certificate of " + request.commonName(), e);
        }
    }

    Duration until(Instant end) {
        return Duration.between(time.instant(), end);
    }

    List<Extension> authority(int pathLength, List<KeyPurposeId> purposes) {
        Extension constraints =
                critical(org.bouncycastle.asn1.x509.Extension.basicConstraints, new BasicConstraints(pathLength));
        Extension usage = usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        return purposes.isEmpty() ? List.of(constraints, usage) : List.of(constraints, usage, purposes(purposes));
    }

    List<Extension> vendor(VendorIdentity vendor) {
        return List.of(
                leaf(),
                usage(KeyUsage.digitalSignature),
                purposes(List.of(KeyPurposeId.id_kp_codeSigning)),
                critical(VendorExtension.ID, VendorExtension.encode(vendor)));
    }

    List<Extension> tlsClient() {
        return List.of(leaf(), usage(KeyUsage.digitalSignature), purposes(List.of(KeyPurposeId.id_kp_clientAuth)));
    }

    List<Extension> bootstrap() {
        return List.of(
                leaf(), usage(KeyUsage.digitalSignature), purposes(List.of(KeyPurposeId.id_kp_clientAuth, BOOTSTRAP)));
    }

    List<Extension> tlsServer(List<String> hosts) {
        GeneralName[] names = hosts.stream()
                .map(host -> new GeneralName(
                        Certificates.isIpAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
        return List.of(
                leaf(),
                usage(KeyUsage.digitalSignature),
                purposes(List.of(KeyPurposeId.id_kp_serverAuth)),
                new Extension(
                        org.bouncycastle.asn1.x509.Extension.subjectAlternativeName, false, new GeneralNames(names)));
    }

    private static Extension leaf() {
        return critical(org.bouncycastle.asn1.x509.Extension.basicConstraints, new BasicConstraints(false));
    }

    private static Extension usage(int bits) {
        return critical(org.bouncycastle.asn1.x509.Extension.keyUsage, new KeyUsage(bits));
    }

    private static Extension purposes(List<KeyPurposeId> purposes) {
        return critical(
                org.bouncycastle.asn1.x509.Extension.extendedKeyUsage,
                new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    }

    private static Extension critical(ASN1ObjectIdentifier id, ASN1Encodable value) {
        return new Extension(id, true, value);
    }

    static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    static ContentSigner contentSigner(Signer signer) {
        ASN1ObjectIdentifier algorithm = switch (signer.publicKey().scheme()) {
            case ED25519 -> EdECObjectIdentifiers.id_Ed25519;
            case ECDSA_P256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
            case ECDSA_P384, RSA_PSS_SHA256, ML_DSA_65 ->
                throw new KeyException("certificates are signed with ed25519 or ecdsa-p256 keys, not "
                        + signer.publicKey().scheme().word());
        };
        return new BufferedContentSigner(signer, new AlgorithmIdentifier(algorithm), new ByteArrayOutputStream());
    }

    private record BufferedContentSigner(Signer signer, AlgorithmIdentifier algorithm, ByteArrayOutputStream content)
            implements ContentSigner {
        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return signer.sign(content.toByteArray());
        }
    }
}
