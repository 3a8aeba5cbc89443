package dev.bulkhead.security.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.Pem;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.Envelope;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.security.tuf.BundleVerdict;
import dev.bulkhead.security.tuf.TrustFixtures;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Broken inputs for every parser of trust: nothing but the module's own exceptions may come out. {@code
 * -Dbulkhead.fuzz.inputs=N} sets how many inputs there are in all, {@code -Dbulkhead.fuzz.seed=N} which.
 */
class TrustParsersFuzzTest {
    private static final int PARSERS = 9;
    private static final long SEED = Long.getLong("bulkhead.fuzz.seed", 20_261_122L);
    private static final int INPUTS = Integer.getInteger("bulkhead.fuzz.inputs", 20_000) / PARSERS;
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    private final SecureRandom random = new SecureRandom();
    private final InstantSource time = InstantSource.fixed(NOW);
    private final CertificateAuthority root = CertificateAuthority.newRoot(
            FileSigner.generate(KeyScheme.ECDSA_P256, random), "root", YEAR.multipliedBy(20), time, random);
    private final TrustAnchor anchor = new TrustAnchor(root.certificate());
    private final FileSigner vendorKey = FileSigner.generate(KeyScheme.ED25519, random);
    private final X509Certificate vendor =
            root.issueVendor(new VendorIdentity("acme", "com.acme"), vendorKey.publicKey(), YEAR);

    @Test
    void json() {
        byte[] seed =
                "{\"a\":[1,-2,true,null,\"x\\u00e9\\n\"],\"b\":{\"c\":{\"d\":[[]]}}}".getBytes(StandardCharsets.UTF_8);
        fuzz(seed, input -> Json.parse(input).canonical());
    }

    @Test
    void metadataFiles() {
        List<byte[]> seeds = TrustFixtures.metadataFiles();
        for (byte[] seed : seeds) {
            fuzz(seed, INPUTS / seeds.size(), TrustFixtures::readAny);
        }
    }

    @Test
    void metadataBundles() {
        TrustFixtures fixtures = new TrustFixtures();
        fuzz(fixtures.bundle(), input -> {
            try {
                BundleVerdict verdict = fixtures.verify(MetadataBundle.parseFrom(input));
                Assertions.assertNotNull(verdict);
            } catch (InvalidProtocolBufferException e) {
                // what is no message never gets as far as the verification
            }
        });
    }

    @Test
    void envelopes() {
        fuzz(envelope().encode(), input -> Envelope.decode(input).signedBytes());
    }

    @Test
    void packageSignatures() {
        PackageVerifier verifier = new PackageVerifier(anchor, time);
        fuzz(envelope().encode(), input -> Assertions.assertNotNull(verifier.verify(input)));
    }

    @Test
    void certificates() {
        fuzz(Certificates.encoded(vendor), input -> {
            X509Certificate parsed = Certificates.parse(input, "input");
            Assertions.assertNotNull(anchor.checkVendor(List.of(parsed), NOW));
            Certificates.commonName(parsed);
            Certificates.publicKey(parsed).verify(input, input);
        });
    }

    @Test
    void certificateRequests() {
        FileSigner vehicleKey = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        fuzz(CertificateRequest.sign("VIN-1", vehicleKey), CertificateRequest::parse);
    }

    @Test
    void pemText() {
        byte[] seed = Certificates.toPem(List.of(vendor)).getBytes(StandardCharsets.US_ASCII);
        fuzz(seed, input -> Pem.decode(new String(input, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void privateKeys() {
        fuzz(vendorKey.pkcs8(), FileSigner::ofPkcs8);
    }

    private Envelope envelope() {
        Bytes digest = Bytes.copyOf(new byte[32]);
        return new PackageSigner(vendorKey, List.of(vendor))
                .sign(new PackageStatement("com.acme.climate", "1.0.0", 1, digest, digest, digest));
    }

    private static void fuzz(byte[] seed, Consumer<byte[]> parser) {
        fuzz(seed, INPUTS, parser);
    }

    private static void fuzz(byte[] seed, int inputs, Consumer<byte[]> parser) {
        parser.accept(seed);
        Mutator mutator = new Mutator(SEED ^ seed.length);
        for (int i = 0; i < inputs; i++) {
            byte[] input = mutator.mutate(seed);
            try {
                parser.accept(input);
            } catch (SecurityFailure expected) {
                // refused with the module's own words
            } catch (RuntimeException | Error e) {
                Assertions.fail(
                        "input " + i + " of seed " + SEED + ": "
                                + Bytes.copyOf(input).hex(),
                        e);
            }
        }
    }
}
