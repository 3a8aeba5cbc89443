package dev.bulkhead.security.signing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.Verdict.Reason;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final VendorIdentity ACME = new VendorIdentity("acme", "com.acme");
    private static final PackageStatement STATEMENT = statement("com.acme.climate", 1);

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority root = newRoot();
    private final FileSigner vendorKey = FileSigner.generate(KeyScheme.ED25519, random);
    private final X509Certificate vendor = root.issueVendor(ACME, vendorKey.publicKey(), YEAR);
    private final PackageSigner signer = new PackageSigner(vendorKey, List.of(vendor));
    private final PackageVerifier verifier =
            new PackageVerifier(new TrustAnchor(root.certificate()), InstantSource.fixed(NOW));

    @Test
    void trustsAVendorsSignatureOverItsOwnApp() {
        Verdict.Trusted trusted = assertInstanceOf(
                Verdict.Trusted.class, verifier.verify(signer.sign(STATEMENT).encode(), STATEMENT));
        assertEquals(ACME, trusted.vendor());
        assertEquals(STATEMENT, trusted.statement());
        assertEquals(vendorKey.keyId(), trusted.keyId());
    }

    @Test
    void encodesTheDsseVectorOfTheSpecification() {
        assertArrayEquals(
                "DSSEv1 29 http://example.com/HelloWorld 11 hello world".getBytes(StandardCharsets.UTF_8),
                Envelope.signedBytes("http://example.com/HelloWorld", Bytes.ofText("hello world")));
    }

    @Test
    void readsBackWhatItEncoded() {
        Envelope envelope = signer.sign(STATEMENT);
        assertEquals(envelope, Envelope.decode(envelope.encode()));
    }

    @Test
    void refusesAWrongPayloadType() {
        Envelope signed = signer.sign(STATEMENT);
        assertRefused(
                Reason.WRONG_PAYLOAD_TYPE,
                new Envelope("application/vnd.in-toto+json", signed.payload(), signed.signatures()).encode());
    }

    @Test
    void refusesAnUnsignedEnvelope() {
        Envelope signed = signer.sign(STATEMENT);
        assertRefused(Reason.UNSIGNED, new Envelope(signed.payloadType(), signed.payload(), List.of()).encode());
    }

    @Test
    void refusesAChangedPayload() {
        Envelope signed = signer.sign(STATEMENT);
        Bytes other = StatementCodec.encode(statement("com.acme.climate", 2));
        assertRefused(Reason.BAD_SIGNATURE, new Envelope(signed.payloadType(), other, signed.signatures()).encode());
    }

    @Test
    void refusesAVendorTheOemDidNotCertify() {
        X509Certificate selfMade = newRoot().issueVendor(ACME, vendorKey.publicKey(), YEAR);
        assertRefused(
                Reason.UNKNOWN_VENDOR,
                new PackageSigner(vendorKey, List.of(selfMade)).sign(STATEMENT).encode());
    }

    @Test
    void refusesASignatureWithoutItsCertificate() {
        Envelope signed = signer.sign(STATEMENT);
        Envelope.Signature bare = new Envelope.Signature(
                vendorKey.keyId(), signed.signatures().getFirst().signature(), List.of());
        assertRefused(
                Reason.UNKNOWN_VENDOR, new Envelope(signed.payloadType(), signed.payload(), List.of(bare)).encode());
    }

    @Test
    void refusesAnAppOutsideTheVendorsPrefix() {
        for (String appId : List.of("com.other.app", "com.acmeevil.app", "com")) {
            PackageStatement foreign = statement(appId, 1);
            assertRefused(Reason.APP_OUTSIDE_PREFIX, signer.sign(foreign).encode(), foreign);
        }
    }

    @Test
    void refusesAnExpiredCertificate() {
        PackageVerifier later = new PackageVerifier(
                new TrustAnchor(root.certificate()),
                InstantSource.fixed(NOW.plus(YEAR).plusSeconds(1)));
        assertReason(
                Reason.EXPIRED_CERTIFICATE, later.verify(signer.sign(STATEMENT).encode(), STATEMENT));
    }

    @Test
    void refusesARevokedVendor() {
        PackageVerifier strict = new PackageVerifier(
                () -> new TrustAnchor(root.certificate()), InstantSource.fixed(NOW), () -> Set.of(vendorKey.keyId()));
        assertReason(Reason.REVOKED_VENDOR, strict.verify(signer.sign(STATEMENT).encode(), STATEMENT));
    }

    @Test
    void refusesDigestsThatDiffer() {
        byte[] envelope = signer.sign(STATEMENT).encode();
        Bytes other = digest(9);
        assertRefused(
                Reason.DIGESTS_DIFFER,
                envelope,
                new PackageStatement("com.acme.climate", "1.0.0", 1, other, digest(2), digest(3)));
        assertRefused(
                Reason.DIGESTS_DIFFER,
                envelope,
                new PackageStatement("com.acme.climate", "1.0.0", 1, digest(1), other, digest(3)));
        assertRefused(
                Reason.DIGESTS_DIFFER,
                envelope,
                new PackageStatement("com.acme.climate", "1.0.0", 1, digest(1), digest(2), other));
    }

    @Test
    void refusesAnotherReleaseThanTheManifestSays() {
        assertRefused(Reason.IDENTITY_DIFFERS, signer.sign(STATEMENT).encode(), statement("com.acme.climate", 2));
    }

    @Test
    void refusesAnEnvelopeTooLarge() {
        assertRefused(Reason.TOO_LARGE, new byte[Envelope.MAX_BYTES + 1]);
    }

    @Test
    void refusesWhatIsNoEnvelope() {
        assertRefused(Reason.MALFORMED, "{}".getBytes(StandardCharsets.UTF_8));
        assertRefused(Reason.MALFORMED, "nonsense".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void trustsTheSecondSignatureWhenTheFirstIsAStrangers() {
        Envelope ours = signer.sign(STATEMENT);
        X509Certificate selfMade = newRoot().issueVendor(ACME, vendorKey.publicKey(), YEAR);
        Envelope strangers = new PackageSigner(vendorKey, List.of(selfMade)).sign(STATEMENT);
        Envelope both = new Envelope(
                ours.payloadType(),
                ours.payload(),
                List.of(strangers.signatures().getFirst(), ours.signatures().getFirst()));
        assertInstanceOf(Verdict.Trusted.class, verifier.verify(both.encode(), STATEMENT));
    }

    @Test
    void doesNotSignWithAKeyThatIsNotCertified() {
        FileSigner other = FileSigner.generate(KeyScheme.ED25519, random);
        assertThrows(KeyException.class, () -> new PackageSigner(other, List.of(vendor)));
    }

    private void assertRefused(Reason reason, byte[] envelope) {
        assertRefused(reason, envelope, STATEMENT);
    }

    private void assertRefused(Reason reason, byte[] envelope, PackageStatement actual) {
        assertReason(reason, verifier.verify(envelope, actual));
    }

    private static void assertReason(Reason reason, Verdict verdict) {
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verdict);
        assertEquals(reason, refused.reason(), refused.detail());
    }

    private CertificateAuthority newRoot() {
        return CertificateAuthority.newRoot(
                FileSigner.generate(KeyScheme.ECDSA_P256, random),
                "root",
                YEAR.multipliedBy(20),
                InstantSource.fixed(NOW),
                random);
    }

    private static PackageStatement statement(String appId, long release) {
        return new PackageStatement(appId, "1.0.0", release, digest(1), digest(2), digest(3));
    }

    private static Bytes digest(int fill) {
        byte[] digest = new byte[32];
        java.util.Arrays.fill(digest, (byte) fill);
        return Bytes.copyOf(digest);
    }
}
