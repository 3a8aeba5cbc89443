package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstalledRelease;
import dev.bulkhead.agent.lifecycle.Part;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.tuf.ApprovedTarget;
import dev.bulkhead.security.tuf.BundleWriter;
import dev.bulkhead.security.tuf.Director;
import dev.bulkhead.security.tuf.Hashes;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.MemoryMetadataStore;
import dev.bulkhead.security.tuf.Repository;
import dev.bulkhead.security.tuf.RoleFile;
import dev.bulkhead.security.tuf.TargetCustom;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UptaneGateTest {
    private static final String VEHICLE = "veh-1";
    private static final String APP = "com.acme.climate";

    @TempDir
    Path home;

    private final RecordingInstaller installer = new RecordingInstaller();
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private KeyDirectory keys;
    private TrustCeremony ceremony;
    private Repository image;
    private int directorVersion;
    private UptaneGate gate;

    @BeforeEach
    void found() throws IOException {
        keys = new KeyDirectory(home.resolve("keys"), () -> now, new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(Optional.empty());
        ceremony = new TrustCeremony(keys, Lifetimes.USUAL, () -> now);
        ceremony.init(Optional.empty());
        keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        image = new Repository(
                new MemoryMetadataStore(),
                keys.repositoryKey(RepositoryKey.IMAGE_SNAPSHOT, Optional.empty()),
                keys.repositoryKey(RepositoryKey.IMAGE_TIMESTAMP, Optional.empty()),
                Lifetimes.USUAL,
                () -> now);
        ceremony.exportTo(image);
        gate = gate();
    }

    private UptaneGate gate() throws IOException {
        FactoryRoots roots = new FactoryRoots(
                Files.readAllBytes(home.resolve("keys/trust/director-root.json")),
                Files.readAllBytes(home.resolve("keys/trust/image-root.json")));
        return UptaneGate.open(
                VEHICLE, UptaneGate.HARDWARE_IDS, roots, installer, home.resolve("metadata"), trust -> {}, () -> now);
    }

    private static TargetFile target(int release) {
        return target(APP, release);
    }

    private static TargetFile target(String app, int release) {
        Hashes hashes = Hashes.sha256((app + release).getBytes(StandardCharsets.UTF_8));
        Bytes digest = hashes.sha256().orElseThrow();
        TargetCustom custom =
                new TargetCustom(app, release + ".0.0", release, "bulkhead-abi-1", 131_072, digest, digest);
        String path = VendorRole.packagePath("acme", app, release + ".0.0");
        return new TargetFile(path, 1_000_000, hashes, Optional.of(custom.toJson()));
    }

    private void publish(TargetFile... targets) {
        VendorRole vendor =
                new VendorRole(List.of(keys.vendorKey("acme", Optional.empty())), () -> now, Lifetimes.USUAL.vendor());
        String role = VendorRole.roleName("acme");
        image.putDelegated(role, vendor.with(image.newest(role), List.of(targets)));
        image.publish();
    }

    private List<RoleFile> directed(TargetFile... targets) {
        return directed(Optional.empty(), targets);
    }

    private List<RoleFile> directed(Optional<String> ensemble, TargetFile... targets) {
        Director director = new Director(
                keys.repositoryKey(RepositoryKey.DIRECTOR_TARGETS, Optional.empty()),
                keys.repositoryKey(RepositoryKey.DIRECTOR_SNAPSHOT, Optional.empty()),
                keys.repositoryKey(RepositoryKey.DIRECTOR_TIMESTAMP, Optional.empty()),
                Lifetimes.USUAL,
                () -> now);
        directorVersion++;
        return director.sign(
                VEHICLE,
                directorVersion,
                Arrays.stream(targets)
                        .map(target -> new Director.Order(target, "order-" + directorVersion, ensemble))
                        .toList());
    }

    private MetadataBundle bundle(TargetFile... targets) {
        return BundleWriter.bundle(directed(targets), image.filesAfterRoot(1)).build();
    }

    private MetadataBundle together(String ensemble, TargetFile... targets) {
        return BundleWriter.bundle(directed(Optional.of(ensemble), targets), image.filesAfterRoot(1))
                .build();
    }

    /** As a vendor may sign it. */
    private static TargetFile claiming(TargetFile target, Json ensemble) {
        Json.Obj custom = target.custom().orElseThrow();
        Json.Obj ours = (Json.Obj) custom.find("bulkhead").orElseThrow();
        return new TargetFile(
                target.path(),
                target.length(),
                target.hashes(),
                Optional.of(custom.with("bulkhead", ours.with("ensembleId", ensemble))));
    }

    private static TargetFile[] apps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> target("com.acme.app" + i, 1))
                .toArray(TargetFile[]::new);
    }

    private void assertMalformed(String what, MetadataBundle bundle) {
        var refused = assertInstanceOf(TrustGate.Verdict.Refused.class, gate.examine(bundle));
        assertEquals("malformed", refused.kind(), refused.detail());
        assertTrue(refused.detail().contains(what), refused.detail());
    }

    @Test
    void knowsWhatTheDirectorWantsToChangeAsOne() {
        publish(apps(16));
        var accepted = assertInstanceOf(TrustGate.Verdict.Accepted.class, gate.examine(together("e1", apps(16))));
        assertEquals(16, accepted.assignments().size());
        accepted.assignments().forEach(each -> assertEquals(Optional.of("e1"), each.ensemble()));
    }

    @Test
    void refusesOneThatIsToChangeAsOneWithNobody() {
        publish(apps(2));
        assertMalformed("the only one of ensemble e1", together("e1", apps(1)));
    }

    @Test
    void refusesMoreThanCanChangeAsOne() {
        publish(apps(17));
        assertMalformed("ensemble e1 has 17 targets, limit 16", together("e1", apps(17)));
        assertEquals(Part.MOST_MEMBERS, ApprovedTarget.MOST_TOGETHER);
    }

    @Test
    void refusesAnEnsembleThatHasNoName() {
        publish(apps(2));
        assertMalformed("1 to 128 characters", together("", apps(2)));
        assertMalformed("1 to 128 characters", together("e".repeat(129), apps(2)));
        assertMalformed("1 to 128 characters", bundle(claiming(apps(1)[0], Json.of(7))));
    }

    @Test
    void refusesAnEnsembleThatOnlyAVendorWants() {
        publish(claiming(target(1), Json.of("e1")));
        assertRefused("mixed-bundle", bundle(target(1)));
    }

    private void assertRefused(String kind, MetadataBundle bundle) {
        var refused = assertInstanceOf(TrustGate.Verdict.Refused.class, gate.examine(bundle));
        assertEquals(kind, refused.kind(), refused.detail());
    }

    @Test
    void makesAnAssignmentOfWhatBothRepositoriesSigned() {
        publish(target(1));
        var accepted = assertInstanceOf(TrustGate.Verdict.Accepted.class, gate.examine(bundle(target(1))));
        Assignment assignment = accepted.assignments().getFirst();
        assertEquals("order-1", assignment.id());
        assertEquals(
                new ReleaseRef(
                        APP,
                        "1.0.0",
                        1,
                        target(1).hashes().sha256().orElseThrow().hex()),
                assignment.release());
        assertEquals(1_000_000, assignment.length());
        assertEquals(131_072, assignment.blockSize());
    }

    @Test
    void anEmptyOrderIsAnAnswerToo() {
        publish(target(1));
        assertEquals(new TrustGate.Verdict.Accepted(List.of()), gate.examine(bundle()));
    }

    @Test
    void refusesExpiredMetadata() {
        publish(target(1));
        MetadataBundle bundle = bundle(target(1));
        now = now.plus(Duration.ofDays(400));
        assertRefused("freeze", bundle);
    }

    @Test
    void refusesABundleReplayedFromThePastAlsoAfterARestart() throws IOException {
        publish(target(1));
        MetadataBundle old = bundle(target(1));
        publish(target(2));
        assertInstanceOf(TrustGate.Verdict.Accepted.class, gate.examine(bundle(target(2))));
        assertRefused("rollback", old);
        gate = gate();
        assertRefused("rollback", old);
    }

    @Test
    void refusesWhatOnlyTheDirectorWants() {
        publish(target(1));
        assertRefused("mixed-bundle", bundle(target(2)));
    }

    @Test
    void refusesABundleThatLacksFiles() {
        publish(target(1));
        assertRefused(
                "partial-bundle",
                BundleWriter.bundle(directed(target(1)).subList(0, 1), image.filesAfterRoot(1))
                        .build());
    }

    @Test
    void refusesAReleaseBelowTheInstalledOne() {
        publish(target(1));
        ReleaseRef newer = new ReleaseRef(APP, "7.0.0", 7, "ab".repeat(32));
        installer.installed.put(APP, new InstalledRelease(newer, "cd".repeat(32), 10, "running"));
        assertRefused("release-rollback", bundle(target(1)));
    }

    @Test
    void knowsTheVendorKeysTheOemHasWithdrawnAlsoAfterARestart() throws IOException {
        publish(target(1));
        gate.examine(bundle(target(1)));
        assertEquals(Set.of(), gate.revokedVendorKeys());

        keys.addVendor(new VendorIdentity("lapsed", "com.lapsed"), Optional.empty());
        ceremony.addVendor("lapsed", Optional.empty());
        ceremony.revokeVendor("lapsed", Optional.empty());
        ceremony.exportTo(image);
        image.publish();
        assertInstanceOf(TrustGate.Verdict.Accepted.class, gate.examine(bundle(target(1))));

        Set<String> revoked = Set.of(keys.vendorKey("lapsed", Optional.empty()).keyId());
        assertEquals(revoked, gate.revokedVendorKeys());
        assertEquals(revoked, gate().revokedVendorKeys());
    }

    @Test
    void accusesNobodyWhenItsOwnDiskFails() throws IOException {
        publish(target(1));
        Path kept = home.resolve("metadata/director/root.json");
        Files.delete(kept);
        Files.createDirectory(kept);
        var undecided = assertInstanceOf(TrustGate.Verdict.Undecided.class, gate.examine(bundle(target(1))));
        assertTrue(undecided.cause().contains("root.json"), undecided.cause());
    }
}
