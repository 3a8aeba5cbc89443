package dev.bulkhead.security.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.MLDSAKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** What a private key can do, by scheme. */
sealed interface PrivateKeyOperation {
    VerificationKey publicKey();

    byte[] sign(byte[] message);

    byte[] pkcs8();

    static PrivateKeyOperation generate(KeyScheme scheme, SecureRandom random) {
        return switch (scheme) {
            case ED25519 -> new Ed25519(new Ed25519PrivateKeyParameters(random));
            case ECDSA_P256 ->
                EcdsaP256.of(
                        (ECPrivateKeyParameters) EcdsaP256.generatePair(random).getPrivate());
            case ML_DSA_65 -> MlDsa65.generate(random);
            case ECDSA_P384, RSA_PSS_SHA256 ->
                throw new KeyException(
                        scheme.schemeName() + " keys are verified only; make ed25519, ecdsa-p256 or ml-dsa-65 keys");
        };
    }

    static PrivateKeyOperation decode(byte[] pkcs8, String where) {
        try {
            AsymmetricKeyParameter key = PrivateKeyFactory.createKey(pkcs8);
            return switch (key) {
                case Ed25519PrivateKeyParameters ed25519 -> new Ed25519(ed25519);
                case ECPrivateKeyParameters ec -> EcdsaP256.of(ec);
                case MLDSAPrivateKeyParameters mlDsa
                when mlDsa.getParameters().equals(MLDSAParameters.ml_dsa_65) -> new MlDsa65(mlDsa);
                default -> throw new KeyException(where + ": neither an Ed25519, a P-256 nor an ML-DSA-65 key");
            };
        } catch (KeyException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // the library throws bare RuntimeExceptions for algorithms it does not know
            throw new KeyException(where + ": not a PKCS#8 private key", e);
        }
    }

    /** Ed25519 by Bouncy Castle. */
    record Ed25519(Ed25519PrivateKeyParameters key) implements PrivateKeyOperation {
        @Override
        public VerificationKey publicKey() {
            return new VerificationKey(
                    KeyScheme.ED25519,
                    HexFormat.of().formatHex(key.generatePublicKey().getEncoded()));
        }

        @Override
        public byte[] sign(byte[] message) {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        }

        @Override
        public byte[] pkcs8() {
            return encode(key);
        }
    }

    /** ECDSA P-256: signed by the JDK, because TLS needs the JDK's key object too. */
    record EcdsaP256(PrivateKey key, VerificationKey publicKey) implements PrivateKeyOperation {
        static PrivateKeyOperation of(ECPrivateKeyParameters ec) {
            ECNamedDomainParameters p256 = domain();
            if (!ec.getParameters().getCurve().equals(p256.getCurve())) {
                throw new KeyException("an elliptic curve key, but not on P-256");
            }
            ECPrivateKeyParameters named = new ECPrivateKeyParameters(ec.getD(), p256);
            ECPublicKeyParameters point =
                    new ECPublicKeyParameters(p256.getG().multiply(ec.getD()).normalize(), p256);
            try {
                PrivateKey jdk = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encode(named)));
                byte[] spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point)
                        .getEncoded();
                return new EcdsaP256(jdk, new VerificationKey(KeyScheme.ECDSA_P256, Pem.encode("PUBLIC KEY", spki)));
            } catch (GeneralSecurityException | IOException e) {
                throw new KeyException("a P-256 key this Java runtime cannot use", e);
            }
        }

        static AsymmetricCipherKeyPair generatePair(SecureRandom random) {
            ECKeyPairGenerator generator = new ECKeyPairGenerator();
            generator.init(new ECKeyGenerationParameters(domain(), random));
            return generator.generateKeyPair();
        }

        private static ECNamedDomainParameters domain() {
            return ECNamedDomainParameters.lookup(ECNamedCurveTable.getOID("P-256"));
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature signer = Signature.getInstance("SHA256withECDSA");
                signer.initSign(key);
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new KeyException("cannot sign with a P-256 key", e);
            }
        }

        @Override
        public byte[] pkcs8() {
            return key.getEncoded();
        }
    }

    /** ML-DSA-65 by Bouncy Castle, over the message form of TAP 21. */
    record MlDsa65(MLDSAPrivateKeyParameters key) implements PrivateKeyOperation {
        static PrivateKeyOperation generate(SecureRandom random) {
            MLDSAKeyPairGenerator generator = new MLDSAKeyPairGenerator();
            generator.init(new MLDSAKeyGenerationParameters(random, MLDSAParameters.ml_dsa_65));
            return new MlDsa65(
                    (MLDSAPrivateKeyParameters) generator.generateKeyPair().getPrivate());
        }

        @Override
        public VerificationKey publicKey() {
            try {
                byte[] spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.getPublicKeyParameters())
                        .getEncoded();
                return new VerificationKey(KeyScheme.ML_DSA_65, Pem.encode("PUBLIC KEY", spki));
            } catch (IOException e) {
                throw new KeyException("an ML-DSA-65 key without its public half", e);
            }
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                byte[] prefixed = SignatureCheck.mlDsaMessage(message);
                MLDSASigner signer = new MLDSASigner();
                signer.init(true, key);
                signer.update(prefixed, 0, prefixed.length);
                return signer.generateSignature();
            } catch (CryptoException | GeneralSecurityException e) {
                throw new KeyException("cannot sign with an ML-DSA-65 key", e);
            }
        }

        @Override
        public byte[] pkcs8() {
            return encode(key);
        }
    }

    private static byte[] encode(AsymmetricKeyParameter key) {
        try {
            return PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded();
        } catch (IOException e) {
            throw new KeyException("a private key that cannot be encoded", e);
        }
    }
}
