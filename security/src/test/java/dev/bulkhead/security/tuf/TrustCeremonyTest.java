package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.VendorIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From {@code keys init} to a vehicle that agrees, through every change of keys. */
class TrustCeremonyTest implements InstantSource {
    private static final Optional<char[]> NONE = Optional.empty();

    private final KeyDirectory keys;
    private final TrustCeremony ceremony;
    private final MemoryMetadataStore published = new MemoryMetadataStore();
    private final MemoryMetadataStore vehicleDirector = new MemoryMetadataStore();
    private final MemoryMetadataStore vehicleImage = new MemoryMetadataStore();
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private long directorVersion;

    TrustCeremonyTest(@TempDir Path folder) {
        keys = new KeyDirectory(folder.resolve("keys"), this, new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(NONE);
        ceremony = new TrustCeremony(keys, Lifetimes.USUAL, this);
        ceremony.init(NONE);
        keys.addVendor(new VendorIdentity("acme", "com.acme"), NONE);
        ceremony.addVendor("acme", NONE);
        DirectorVerification.initialise(
                vehicleDirector, ceremony.directorRoots().getFirst().content().toArray());
        DirectorVerification.initialise(
                vehicleImage, ceremony.imageRoots().getFirst().content().toArray());
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Test
    void leadsFromInitToAnAgreedTarget() {
        publishAsVendor();
        assertAgreed();
    }

    @ParameterizedTest
    @EnumSource(RepositoryKey.class)
    void vehiclesFollowTheRotationOfEveryKey(RepositoryKey key) {
        publishAsVendor();
        assertAgreed();
        ceremony.rotate(key, NONE);
        now = now.plusSeconds(1);
        ceremony.rotate(key, NONE);
        repository().publish();
        assertAgreed();
    }

    @Test
    void rootAndImageTargetsAreHybrid() {
        for (String role : List.of("root", "targets")) {
            Root root = MetadataReader.read(
                            "1.root.json",
                            ceremony.imageRoots().getFirst().content().toArray(),
                            Root.class)
                    .signed();
            RoleKeys named = Objects.requireNonNull(root.roles().get(role));
            assertEquals(2, named.threshold());
            assertEquals(Set.of(KeyScheme.ED25519, KeyScheme.ML_DSA_65), named.requiredSchemes());
        }
    }

    @Test
    void aHybridVendorMustSignWithBothKeys() {
        keys.addVendorHybridKey("acme", NONE);
        ceremony.addVendor("acme", NONE);
        publishAsVendor();
        assertAgreed();
        VendorRole half = new VendorRole(List.of(keys.vendorKey("acme", NONE)), this, Lifetimes.USUAL.vendor());
        byte[] next = half.with(repository().newest("vendor-acme"), List.of());
        MetadataRefusedException e =
                assertThrows(MetadataRefusedException.class, () -> repository().putDelegated("vendor-acme", next));
        assertEquals(Refusal.THRESHOLD, e.refusal());
        String before = keys.vendorSigners("acme", NONE).getLast().keyId();
        keys.rotateVendor("acme", NONE);
        ceremony.addVendor("acme", NONE);
        assertEquals(2, keys.vendorSigners("acme", NONE).size());
        assertTrue(!before.equals(keys.vendorSigners("acme", NONE).getLast().keyId()));
        publishAsVendor();
        assertAgreed();
    }

    @Test
    void takesUpAnInterruptedRotation() {
        keys.nextRepositoryKey(RepositoryKey.IMAGE_ROOT, NONE);
        ceremony.rotate(RepositoryKey.IMAGE_ROOT, NONE);
        assertEquals(2, ceremony.imageRoots().size());
        publishAsVendor();
        assertAgreed();
    }

    @Test
    void aVendorGoesOnWithItsNextKey() {
        publishAsVendor();
        keys.rotateVendor("acme", NONE);
        ceremony.addVendor("acme", NONE);
        publishAsVendor();
        assertAgreed();
    }

    @Test
    void aRevokedVendorIsNotInstalledAnyMoreAndItsKeyIsNamed() {
        publishAsVendor();
        assertAgreed();
        String keyId = keys.vendorKey("acme", NONE).keyId();
        ceremony.revokeVendor("acme", NONE);
        MetadataRefusedException e = assertThrows(MetadataRefusedException.class, this::publishAsVendor);
        assertEquals(Refusal.THRESHOLD, e.refusal());
        repository().publish();
        BundleVerdict.Refused refused = assertInstanceOf(BundleVerdict.Refused.class, verify());
        assertEquals("image", refused.repository());
        assertEquals(Refusal.DISAGREEMENT, refused.refusal());
        assertThrows(KeyException.class, () -> ceremony.revokeVendor("acme", NONE));
        assertTrue(RevokedKeys.of(MetadataReader.read("targets.json", ceremony.imageTargets(), Targets.class)
                        .signed())
                .keyIds()
                .contains(keyId));
    }

    @Test
    void otherVendorsGoOnWhenOneIsRevoked() {
        keys.addVendor(new VendorIdentity("other", "com.other"), NONE);
        ceremony.addVendor("other", NONE);
        VendorRole other = new VendorRole(List.of(keys.vendorKey("other", NONE)), this, Lifetimes.USUAL.vendor());
        repository().putDelegated(VendorRole.roleName("other"), other.with(Optional.empty(), List.of()));
        publishAsVendor();
        assertAgreed();
        ceremony.revokeVendor("other", NONE);
        repository().publish();
        assertAgreed();
    }

    @Test
    void forecastsWhoWouldBeLeftBehindWithoutATrace() {
        ceremony.rotate(RepositoryKey.IMAGE_ROOT, NONE);
        RotationForecast forecast =
                ceremony.forecast(RepositoryKey.IMAGE_ROOT, Map.of("VIN-1", 1L, "VIN-2", 2L, "VIN-9", 9L), NONE);
        assertEquals(3, forecast.newVersion());
        assertEquals(Set.of("VIN-9"), forecast.leftBehind().keySet());
        assertEquals(2, ceremony.imageRoots().size());
    }

    @Test
    void sleepsThroughTwoRotationsOfEveryKey() {
        publishAsVendor();
        assertAgreed();
        for (int i = 0; i < 2; i++) {
            now = now.plus(Duration.ofDays(190));
            for (RepositoryKey key : RepositoryKey.values()) {
                ceremony.rotate(key, NONE);
            }
        }
        keys.rotateVendor("acme", NONE);
        ceremony.addVendor("acme", NONE);
        publishAsVendor();
        assertAgreed();
    }

    private Repository repository() {
        Repository repository = new Repository(
                published,
                keys.repositoryKey(RepositoryKey.IMAGE_SNAPSHOT, NONE),
                keys.repositoryKey(RepositoryKey.IMAGE_TIMESTAMP, NONE),
                Lifetimes.USUAL,
                this);
        ceremony.exportTo(repository);
        return repository;
    }

    private void publishAsVendor() {
        Repository repository = repository();
        VendorRole vendor = new VendorRole(keys.vendorSigners("acme", NONE), this, Lifetimes.USUAL.vendor());
        String role = VendorRole.roleName("acme");
        repository.putDelegated(role, vendor.with(repository.newest(role), List.of(TwoRepositories.target(1))));
        repository.publish();
    }

    private void assertAgreed() {
        BundleVerdict verdict = verify();
        BundleVerdict.Agreed agreed = assertInstanceOf(BundleVerdict.Agreed.class, verdict, verdict.toString());
        assertEquals(1, agreed.targets().size());
    }

    private BundleVerdict verify() {
        Director director = new Director(
                keys.repositoryKey(RepositoryKey.DIRECTOR_TARGETS, NONE),
                keys.repositoryKey(RepositoryKey.DIRECTOR_SNAPSHOT, NONE),
                keys.repositoryKey(RepositoryKey.DIRECTOR_TIMESTAMP, NONE),
                Lifetimes.USUAL,
                this);
        List<RoleFile> files = new ArrayList<>(ceremony.directorRoots());
        files.addAll(director.sign(
                "VIN-1", ++directorVersion, List.of(new Director.Order(TwoRepositories.target(1), "order"))));
        MetadataBundle bundle =
                BundleWriter.bundle(files, repository().filesAfterRoot(0)).build();
        return new DirectorVerification(vehicleDirector, vehicleImage, this, MetadataLimits.USUAL)
                .verify(bundle, new VehicleIdentity("VIN-1", Set.of(TwoRepositories.HARDWARE), Map.of()));
    }
}
