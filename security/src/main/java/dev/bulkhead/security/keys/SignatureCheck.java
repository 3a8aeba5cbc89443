package dev.bulkhead.security.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** Verification by scheme. Every failure to decode counts as a signature that does not hold. */
final class SignatureCheck {
    private static final byte[] ML_DSA_PREFIX = {'t', 'u', 'f', 1};
    private static final int MAX_RSA_BITS = 8192;

    private SignatureCheck() {}

    static boolean holds(VerificationKey key, byte[] message, byte[] signature) {
        try {
            return switch (key.scheme()) {
                case ED25519 -> ed25519(HexFormat.of().parseHex(key.publicText()), message, signature);
                case ECDSA_P256 -> ecdsa(key, 256, "SHA256withECDSA", message, signature);
                case ECDSA_P384 -> ecdsa(key, 384, "SHA384withECDSA", message, signature);
                case RSA_PSS_SHA256 -> rsaPss(key, message, signature);
                case ML_DSA_65 -> mlDsa65(Pem.publicDer(key.publicText()), mlDsaMessage(message), signature);
            };
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // libraries throw their own kinds for malformed points, lengths and encodings
            return false;
        }
    }

    static boolean ed25519(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != Ed25519PublicKeyParameters.KEY_SIZE || signature.length != 64) {
            return false;
        }
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(publicKey, 0));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    static boolean mlDsa65(byte[] spki, byte[] message, byte[] signature) throws IOException {
        AsymmetricKeyParameter key = PublicKeyFactory.createKey(spki);
        if (!(key instanceof MLDSAPublicKeyParameters mlDsa)
                || !mlDsa.getParameters().equals(MLDSAParameters.ml_dsa_65)) {
            return false;
        }
        return mlDsa65(mlDsa, message, signature);
    }

    static boolean mlDsa65(MLDSAPublicKeyParameters key, byte[] message, byte[] signature) {
        MLDSASigner verifier = new MLDSASigner();
        verifier.init(false, key);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    /** TAP 21: what an ML-DSA key of TUF metadata signs instead of the message itself. */
    static byte[] mlDsaMessage(byte[] message) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(message);
        byte[] out = new byte[ML_DSA_PREFIX.length + digest.length];
        System.arraycopy(ML_DSA_PREFIX, 0, out, 0, ML_DSA_PREFIX.length);
        System.arraycopy(digest, 0, out, ML_DSA_PREFIX.length, digest.length);
        return out;
    }

    private static boolean ecdsa(VerificationKey key, int bits, String algorithm, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        PublicKey decoded =
                KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Pem.publicDer(key.publicText())));
        if (!(decoded instanceof ECPublicKey ec)
                || ec.getParams().getOrder().bitLength() != bits
                || !isStrictDer(signature)) {
            return false;
        }
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(ec);
        verifier.update(message);
        return verifier.verify(signature);
    }

    /** The JDK also takes integers without their leading zero; one signature has one encoding here. */
    private static boolean isStrictDer(byte[] signature) {
        try {
            ASN1Sequence parts = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(signature));
            return parts.size() == 2
                    && ASN1Integer.getInstance(parts.getObjectAt(0)).getValue().signum() > 0
                    && ASN1Integer.getInstance(parts.getObjectAt(1)).getValue().signum() > 0
                    && Arrays.equals(parts.getEncoded(ASN1Encoding.DER), signature);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean rsaPss(VerificationKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        PublicKey decoded =
                KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Pem.publicDer(key.publicText())));
        int bits = ((RSAPublicKey) decoded).getModulus().bitLength();
        if (bits < 2048 || bits > MAX_RSA_BITS) {
            return false;
        }
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, pssSaltLength(signature, bits), 1));
        verifier.initVerify(decoded);
        verifier.update(message);
        return verifier.verify(signature);
    }

    /** securesystemslib signs with a salt as long as the digest. */
    private static int pssSaltLength(byte[] signature, int bits) throws GeneralSecurityException {
        if (signature.length != (bits + 7) / 8) {
            throw new GeneralSecurityException("signature length");
        }
        return 32;
    }
}
