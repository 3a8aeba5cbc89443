package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {
    private final SecureRandom random = new SecureRandom();
    private final FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);

    @Test
    void readsBackWhatAVehicleAskedFor() {
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.sign("VIN-1", key));
        assertEquals(new CertificateRequest("VIN-1", key.publicKey(), Optional.empty()), request);
    }

    @Test
    void refusesARequestWhoseKeyTheAskerDoesNotHold() {
        byte[] der = CertificateRequest.sign("VIN-1", key);
        der[der.length - 10] ^= 1;
        refused(der);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CN=VIN-1,O=Acme", "CN=VIN-1+OU=x", "O=VIN-1", "CN=a/b", "CN="})
    void refusesASubjectThatIsNotOneVehicleId(String subject) throws Exception {
        refused(request(subject, ec("secp256r1"), "SHA256withECDSA", false));
    }

    @Test
    void refusesARequestForExtensions() throws Exception {
        assertTrue(refused(request("CN=VIN-1", ec("secp256r1"), "SHA256withECDSA", true))
                .contains("extensions"));
    }

    @Test
    void refusesOtherKindsOfKeys() throws Exception {
        assertTrue(refused(request("CN=VIN-1", ec("secp384r1"), "SHA256withECDSA", false))
                .contains("ecdsa-p256"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertTrue(refused(request("CN=VIN-1", rsa.generateKeyPair(), "SHA256withRSA", false))
                .contains("ecdsa-p256"));
    }

    @Test
    void refusesWhatIsTooLongOrNoRequest() {
        refused(new byte[CertificateRequest.MOST_BYTES + 1]);
        refused(new byte[0]);
        refused("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static String refused(byte[] der) {
        return String.valueOf(assertThrows(KeyException.class, () -> CertificateRequest.parse(der))
                .getMessage());
    }

    private KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve), random);
        return generator.generateKeyPair();
    }

    private static byte[] request(String subject, KeyPair pair, String algorithm, boolean extensions)
            throws IOException, OperatorCreationException {
        PKCS10CertificationRequestBuilder builder = new PKCS10CertificationRequestBuilder(
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        if (extensions) {
            ExtensionsGenerator wished = new ExtensionsGenerator();
            wished.addExtension(
                    org.bouncycastle.asn1.x509.Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, "ota.example")));
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wished.generate());
        }
        return builder.build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                .getEncoded();
    }
}
