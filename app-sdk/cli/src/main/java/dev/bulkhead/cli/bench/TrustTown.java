package dev.bulkhead.cli.bench;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.keys.VerificationKey;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.tuf.BundleWriter;
import dev.bulkhead.security.tuf.DelegatedRole;
import dev.bulkhead.security.tuf.Delegations;
import dev.bulkhead.security.tuf.Director;
import dev.bulkhead.security.tuf.Hashes;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.MemoryMetadataStore;
import dev.bulkhead.security.tuf.PathSet;
import dev.bulkhead.security.tuf.Repository;
import dev.bulkhead.security.tuf.RoleFile;
import dev.bulkhead.security.tuf.RoleKeys;
import dev.bulkhead.security.tuf.RoleSigning;
import dev.bulkhead.security.tuf.Root;
import dev.bulkhead.security.tuf.TargetCustom;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.Targets;
import dev.bulkhead.security.tuf.VendorRole;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two repositories as a large OEM would have them: hybrid root and targets, one delegation for each vendor, one package
 * of each vendor assigned to the vehicle.
 *
 * @param bundle everything a vehicle with the factory roots needs
 * @param directorRoot factory root
 * @param imageRoot factory root
 * @param oemRoot OEM root certificate
 * @param envelope a signed package statement
 */
record TrustTown(MetadataBundle bundle, Bytes directorRoot, Bytes imageRoot, X509Certificate oemRoot, Bytes envelope) {
    static final String VEHICLE = "VIN-BENCH";
    static final String HARDWARE = "bench";
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    static final InstantSource TIME = InstantSource.fixed(NOW);

    static TrustTown of(int vendors) {
        return new Builder().build(vendors);
    }

    private static final class Builder {
        private final SecureRandom random = new SecureRandom();
        private final List<FileSigner> root = hybrid();
        private final List<FileSigner> targets = hybrid();
        private final FileSigner snapshot = key(KeyScheme.ED25519);
        private final FileSigner timestamp = key(KeyScheme.ED25519);
        private final CertificateAuthority oem = CertificateAuthority.newRoot(
                key(KeyScheme.ECDSA_P256), "bench root", Duration.ofDays(3650), TIME, random);

        TrustTown build(int vendors) {
            Repository image = new Repository(new MemoryMetadataStore(), snapshot, timestamp, Lifetimes.USUAL, TIME);
            byte[] imageRoot = root(targets);
            image.putRoot(imageRoot);
            List<Director.Order> orders = publish(image, vendors);
            FileSigner directorTargets = key(KeyScheme.ED25519);
            byte[] directorRoot = root(List.of(directorTargets));
            Director director = new Director(directorTargets, snapshot, timestamp, Lifetimes.USUAL, TIME);
            List<RoleFile> directorFiles = director.sign(VEHICLE, 1, orders);
            return new TrustTown(
                    BundleWriter.bundle(directorFiles, image.filesAfterRoot(1)).build(),
                    Bytes.copyOf(directorRoot),
                    Bytes.copyOf(imageRoot),
                    oem.certificate(),
                    envelope());
        }

        private Bytes envelope() {
            FileSigner key = key(KeyScheme.ED25519);
            X509Certificate vendor =
                    oem.issueVendor(new VendorIdentity("bench", "com.bench"), key.publicKey(), Duration.ofDays(365));
            Bytes digest = Bytes.copyOf(new byte[32]);
            return Bytes.copyOf(new PackageSigner(key, List.of(vendor))
                    .sign(new PackageStatement("com.bench.app", "1.0.0", 1, digest, digest, digest))
                    .encode());
        }

        private List<Director.Order> publish(Repository image, int vendors) {
            Map<String, VerificationKey> keys = new HashMap<>();
            List<DelegatedRole> roles = new ArrayList<>();
            Map<String, FileSigner> signers = new HashMap<>();
            for (int i = 0; i < vendors; i++) {
                FileSigner signer = key(KeyScheme.ED25519);
                signers.put("v" + i, signer);
                keys.put(signer.keyId(), signer.publicKey());
                roles.add(new DelegatedRole(
                        VendorRole.roleName("v" + i),
                        new RoleKeys(List.of(signer.keyId()), 1),
                        true,
                        new PathSet.Patterns(VendorRole.paths("v" + i))));
            }
            image.putTargets(RoleSigning.sign(
                    new Targets(
                            1,
                            NOW.plus(Duration.ofDays(30)),
                            Map.of(),
                            Optional.of(new Delegations(keys, roles)),
                            Optional.empty()),
                    targets));
            List<Director.Order> orders = new ArrayList<>();
            signers.forEach((vendor, signer) -> {
                TargetFile target = target(vendor);
                orders.add(new Director.Order(target, "order-" + vendor));
                image.putDelegated(
                        VendorRole.roleName(vendor),
                        new VendorRole(List.of(signer), TIME, Duration.ofDays(30))
                                .with(Optional.empty(), List.of(target)));
            });
            image.publish();
            return orders;
        }

        private static TargetFile target(String vendor) {
            String app = "com." + vendor + ".app";
            byte[] content = app.getBytes(StandardCharsets.UTF_8);
            Bytes digest = Hashes.sha256(content).sha256().orElseThrow();
            return new TargetFile(
                    VendorRole.packagePath(vendor, app, "1.0.0"),
                    content.length,
                    Hashes.sha256(content),
                    Optional.of(new TargetCustom(app, "1.0.0", 1, HARDWARE, 131_072, digest, digest).toJson()));
        }

        private byte[] root(List<FileSigner> targetsSigners) {
            Map<String, VerificationKey> keys = new HashMap<>();
            Map<String, RoleKeys> roles = new HashMap<>();
            Map.of(
                            "root",
                            root,
                            "targets",
                            targetsSigners,
                            "snapshot",
                            List.of(snapshot),
                            "timestamp",
                            List.of(timestamp))
                    .forEach((role, signers) -> {
                        EnumSet<KeyScheme> schemes = EnumSet.noneOf(KeyScheme.class);
                        signers.forEach(signer -> {
                            keys.put(signer.keyId(), signer.publicKey());
                            schemes.add(signer.publicKey().scheme());
                        });
                        List<String> ids =
                                signers.stream().map(FileSigner::keyId).toList();
                        roles.put(role, new RoleKeys(ids, ids.size(), schemes));
                    });
            return RoleSigning.sign(new Root(1, NOW.plus(Duration.ofDays(700)), true, keys, roles), root);
        }

        private List<FileSigner> hybrid() {
            return List.of(key(KeyScheme.ED25519), key(KeyScheme.ML_DSA_65));
        }

        private FileSigner key(KeyScheme scheme) {
            return FileSigner.generate(scheme, random);
        }
    }
}
