package dev.bulkhead.security.tuf;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A director, an image repository with one vendor, and a vehicle, all on one clock that tests move. */
final class TwoRepositories implements InstantSource {
    static final String VEHICLE = "VIN-1";
    static final String HARDWARE = "bulkhead-vc1";
    static final String VENDOR = "acme";
    static final String APP = "com.acme.climate";

    final Map<String, FileSigner> directorKeys = new HashMap<>();
    final Map<String, FileSigner> imageKeys = new HashMap<>();
    final MemoryMetadataStore imageFiles = new MemoryMetadataStore();
    final MemoryMetadataStore vehicleDirector = new MemoryMetadataStore();
    final MemoryMetadataStore vehicleImage = new MemoryMetadataStore();
    final List<byte[]> directorRoots = new ArrayList<>();
    FileSigner vendorKey = newKey();
    Instant now = Instant.parse("2026-11-01T00:00:00Z");
    Repository image;
    long directorVersion;

    TwoRepositories() {
        for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
            directorKeys.put(role, newKey());
            imageKeys.put(role, newKey());
        }
        image = repository();
        image.putRoot(root(1, imageKeys, List.of(key(imageKeys, "root"))));
        image.putTargets(delegating(1, vendorKey));
        directorRoots.add(root(1, directorKeys, List.of(key(directorKeys, "root"))));
        DirectorVerification.initialise(vehicleDirector, directorRoots.getFirst());
        DirectorVerification.initialise(
                vehicleImage, image.rootsAfter(0).getFirst().content().toArray());
    }

    @Override
    public Instant instant() {
        return now;
    }

    void sleep(Duration duration) {
        now = now.plus(duration);
    }

    static FileSigner key(Map<String, FileSigner> keys, String role) {
        return Objects.requireNonNull(keys.get(role), role);
    }

    static FileSigner newKey() {
        return FileSigner.generate(KeyScheme.ED25519, new SecureRandom());
    }

    Repository repository() {
        return new Repository(
                imageFiles, key(imageKeys, "snapshot"), key(imageKeys, "timestamp"), Lifetimes.USUAL, this);
    }

    Director director() {
        return new Director(
                key(directorKeys, "targets"),
                key(directorKeys, "snapshot"),
                key(directorKeys, "timestamp"),
                Lifetimes.USUAL,
                this);
    }

    byte[] root(long version, Map<String, FileSigner> keys, List<? extends Signer> signers) {
        Map<String, VerificationKey> all = new HashMap<>();
        Map<String, RoleKeys> roles = new HashMap<>();
        keys.forEach((role, key) -> {
            all.put(key.keyId(), key.publicKey());
            roles.put(role, new RoleKeys(List.of(key.keyId()), 1));
        });
        return RoleSigning.sign(
                new Root(version, RoleSigning.expiry(now, Lifetimes.USUAL.root()), true, all, roles), signers);
    }

    byte[] delegating(long version, Signer vendor) {
        DelegatedRole role = new DelegatedRole(
                VendorRole.roleName(VENDOR),
                new RoleKeys(List.of(vendor.keyId()), 1),
                true,
                new PathSet.Patterns(VendorRole.paths(VENDOR)));
        return RoleSigning.sign(
                new Targets(
                        version,
                        RoleSigning.expiry(now, Lifetimes.USUAL.targets()),
                        Map.of(),
                        Optional.of(new Delegations(Map.of(vendor.keyId(), vendor.publicKey()), List.of(role))),
                        Optional.empty()),
                List.of(key(imageKeys, "targets")));
    }

    static byte[] packageBytes(long release) {
        return ("package of release " + release).getBytes(StandardCharsets.UTF_8);
    }

    static TargetFile target(long release) {
        return target(VendorRole.packagePath(VENDOR, APP, "1.0." + release), APP, release, packageBytes(release));
    }

    static TargetFile target(String path, String appId, long release, byte[] content) {
        Bytes hash = Hashes.sha256(content).sha256().orElseThrow();
        TargetCustom custom = new TargetCustom(appId, "1.0." + release, release, HARDWARE, 131_072, hash, hash);
        return new TargetFile(path, content.length, Hashes.sha256(content), Optional.of(custom.toJson()));
    }

    /** The vendor signs these targets and the image repository publishes them. */
    void publish(TargetFile... targets) {
        VendorRole vendor = new VendorRole(List.of(vendorKey), this, Lifetimes.USUAL.vendor());
        String role = VendorRole.roleName(VENDOR);
        image.putDelegated(role, vendor.with(image.newest(role), List.of(targets)));
        image.publish();
    }

    List<RoleFile> directorFiles(TargetFile... orders) {
        List<RoleFile> files = new ArrayList<>();
        for (int i = 0; i < directorRoots.size(); i++) {
            files.add(RoleFile.of((i + 1) + ".root.json", directorRoots.get(i)));
        }
        List<Director.Order> list = new ArrayList<>();
        for (TargetFile target : orders) {
            list.add(new Director.Order(target, "order-" + target.path().hashCode()));
        }
        files.addAll(director().sign(VEHICLE, ++directorVersion, list));
        return files;
    }

    List<RoleFile> imageFiles() {
        return image.filesAfterRoot(0);
    }

    MetadataBundle bundle(TargetFile... orders) {
        return BundleWriter.bundle(directorFiles(orders), imageFiles()).build();
    }

    BundleVerdict verify(MetadataBundle bundle) {
        return verify(bundle, Map.of());
    }

    BundleVerdict verify(MetadataBundle bundle, Map<String, Long> installed) {
        DirectorVerification verification =
                new DirectorVerification(vehicleDirector, vehicleImage, this, MetadataLimits.USUAL);
        return verification.verify(bundle, new VehicleIdentity(VEHICLE, Set.of(HARDWARE), installed));
    }
}
