package dev.bulkhead.security.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;

/**
 * What a vehicle asks a certificate for (PKCS#10, RFC 2986): its id as the only name, and a P-256 key whose private half
 * it has shown to hold.
 *
 * @param vehicleId the common name
 * @param key proved by the request's own signature
 * @param challenge the challenge password, which binds the request to a connection ({@link ChannelBinding}); at most 255 characters
 */
public record CertificateRequest(String vehicleId, VerificationKey key, Optional<String> challenge) {
    /** A request is never longer than this many bytes. */
    public static final int MOST_BYTES = 4 << 10;

    private static final int MOST_CHALLENGE = 255;

    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    public CertificateRequest {
        Certificates.checkVehicleId(vehicleId);
    }

    /** A request for a vehicle, signed with the key it is about, bound to no connection. */
    public static byte[] sign(String vehicleId, FileSigner key) {
        return encoded(draft(vehicleId, key), key);
    }

    /** The same, bound to a connection. */
    public static byte[] sign(String vehicleId, FileSigner key, ChannelBinding connection) {
        PKCS10CertificationRequestBuilder draft = draft(vehicleId, key);
        draft.addAttribute(
                PKCSObjectIdentifiers.pkcs_9_at_challengePassword, new DERPrintableString(connection.text()));
        return encoded(draft, key);
    }

    /** A request that is to be bound and signed when there is a connection. */
    public static PKCS10CertificationRequestBuilder draft(String vehicleId, FileSigner key) {
        return new PKCS10CertificationRequestBuilder(
                CertificateForge.name(Certificates.checkVehicleId(vehicleId)),
                SubjectPublicKeyInfo.getInstance(Certificates.subjectPublicKeyInfo(key.publicKey())));
    }

    /** Signs drafts. */
    public static ContentSigner signer(FileSigner key) {
        return CertificateForge.contentSigner(key);
    }

    private static byte[] encoded(PKCS10CertificationRequestBuilder draft, FileSigner key) {
        try {
            return draft.build(signer(key)).getEncoded();
        } catch (IOException e) {
            throw new KeyException("a certificate request that cannot be encoded", e);
        }
    }

    /**
     * Reads and checks a request.
     *
     * @throws KeyException when it is too long, malformed, of another kind of key, asks for more names than one, or its
     *     signature does not hold
     */
    public static CertificateRequest parse(byte[] der) {
        if (der.length > MOST_BYTES) {
            throw new KeyException("a certificate request of " + der.length + " bytes, limit " + MOST_BYTES);
        }
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
            ECPublicKey key = p256(info);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new KeyException("the certificate request is not signed with the key it asks a certificate for");
            }
            if (request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest).length > 0) {
                throw new KeyException("a certificate request may ask for no extensions: the authority sets them");
            }
            return new CertificateRequest(
                    commonName(request), new VerificationKey(KeyScheme.ECDSA_P256, pem(info)), challenge(request));
        } catch (KeyException e) {
            throw e;
        } catch (IOException
                | GeneralSecurityException
                | PKCSException
                | OperatorCreationException
                | RuntimeException e) {
            throw new KeyException("not a PKCS#10 certificate request", e);
        }
    }

    private static ECPublicKey p256(SubjectPublicKeyInfo info) throws IOException, GeneralSecurityException {
        boolean named = info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                && info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve
                && curve.equals(X9ObjectIdentifiers.prime256v1);
        if (!named
                || !(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()))
                        instanceof ECPublicKey key)
                || !key.getParams().getOrder().equals(P256_ORDER)) {
            throw new KeyException("certificates of vehicles are for ecdsa-p256 keys only");
        }
        return key;
    }

    private static Optional<String> challenge(PKCS10CertificationRequest request) {
        Attribute[] attributes = request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_challengePassword);
        if (attributes.length == 0) {
            return Optional.empty();
        }
        if (attributes.length > 1
                || attributes[0].getAttrValues().size() != 1
                || !(attributes[0].getAttrValues().getObjectAt(0) instanceof ASN1String text)
                || text.getString().length() > MOST_CHALLENGE) {
            throw new KeyException("a certificate request has one challenge password of at most " + MOST_CHALLENGE
                    + " characters, or none");
        }
        return Optional.of(text.getString());
    }

    private static String commonName(PKCS10CertificationRequest request) {
        RDN[] names = request.getSubject().getRDNs();
        if (names.length != 1
                || names[0].isMultiValued()
                || !names[0].getFirst().getType().equals(BCStyle.CN)
                || !(names[0].getFirst().getValue() instanceof ASN1String text)) {
            throw new KeyException("the subject of a certificate request is CN=<vehicle id> and nothing else");
        }
        return text.getString();
    }

    private static String pem(SubjectPublicKeyInfo info) throws IOException {
        return Pem.encode("PUBLIC KEY", info.getEncoded());
    }
}
