package dev.bulkhead.cli.bench;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.security.signing.Verdict;
import dev.bulkhead.security.tuf.BundleVerdict;
import dev.bulkhead.security.tuf.DirectorVerification;
import dev.bulkhead.security.tuf.MemoryMetadataStore;
import dev.bulkhead.security.tuf.MetadataLimits;
import dev.bulkhead.security.tuf.VehicleIdentity;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Medians of warm runs on one thread. */
final class TrustBench {
    private static final int WARM_UP = 150;
    private static final int RUNS = 101;

    private TrustBench() {}

    static List<Measurement> run(TrustTown town) {
        PackageVerifier packages = new PackageVerifier(new TrustAnchor(town.oemRoot()), TrustTown.TIME);
        byte[] envelope = town.envelope().toArray();
        return List.of(
                new Measurement(
                        "full verification",
                        median(() -> verify(town) instanceof BundleVerdict.Agreed agreed
                                && agreed.targets().size() == 20),
                        "ms",
                        30,
                        false,
                        "both repositories from the factory roots, 20 vendors, 20 packages, hybrid root and targets"),
                new Measurement(
                        "package signature",
                        median(() -> packages.verify(envelope) instanceof Verdict.Trusted),
                        "ms",
                        5,
                        false,
                        "envelope, certificate chain and Ed25519 signature"),
                signature(KeyScheme.ED25519, 0.5),
                signature(KeyScheme.ML_DSA_65, 0.5));
    }

    static BundleVerdict verify(TrustTown town) {
        MemoryMetadataStore director = new MemoryMetadataStore();
        MemoryMetadataStore image = new MemoryMetadataStore();
        DirectorVerification.initialise(director, town.directorRoot().toArray());
        DirectorVerification.initialise(image, town.imageRoot().toArray());
        return new DirectorVerification(director, image, TrustTown.TIME, MetadataLimits.USUAL)
                .verify(town.bundle(), new VehicleIdentity(TrustTown.VEHICLE, Set.of(TrustTown.HARDWARE), Map.of()));
    }

    private static Measurement signature(KeyScheme scheme, double aim) {
        FileSigner signer = FileSigner.generate(scheme, new SecureRandom());
        byte[] message = "a message of ordinary length".getBytes(StandardCharsets.UTF_8);
        byte[] signature = signer.sign(message);
        return new Measurement(
                scheme.word() + " verification",
                median(() -> signer.publicKey().verify(message, signature)),
                "ms",
                aim,
                false,
                "one signature");
    }

    private static double median(BooleanSupplier work) {
        double[] millis = new double[RUNS];
        for (int i = 0; i < WARM_UP + RUNS; i++) {
            long begin = System.nanoTime();
            if (!work.getAsBoolean()) {
                throw new IllegalStateException("what is measured did not verify");
            }
            millis[i % RUNS] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return millis[RUNS / 2];
    }
}
