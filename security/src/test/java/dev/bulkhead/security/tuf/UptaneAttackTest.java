package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.keys.FileSigner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The attacks the Uptane standard names, each found in the file it lies in. */
class UptaneAttackTest {
    private final TwoRepositories house = new TwoRepositories();

    @Test
    void acceptsWhatBothRepositoriesAgreeOn() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        BundleVerdict.Agreed agreed = agreed(house.verify(house.bundle(target)));
        assertEquals(1, agreed.targets().size());
        ApprovedTarget approved = agreed.targets().getFirst();
        assertEquals(target.path(), approved.path());
        assertEquals(1, approved.custom().release());
        assertTrue(approved.assignment().orElseThrow().startsWith("order-"));
    }

    @Test
    void acceptsEmptyTargetsAsNothingToDo() {
        house.publish(TwoRepositories.target(1));
        assertEquals(List.of(), agreed(house.verify(house.bundle())).targets());
    }

    @Test
    void refusesArbitrarySoftwareThatNoVendorSigned() {
        house.publish(TwoRepositories.target(1));
        TargetFile unsigned = TwoRepositories.target(2);
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(unsigned)));
    }

    @Test
    void refusesArbitrarySoftwareSignedByAStranger() {
        house.publish(TwoRepositories.target(1));
        house.directorKeys.put("targets", TwoRepositories.newKey());
        assertRefused(Refusal.THRESHOLD, "targets.json", house.verify(house.bundle(TwoRepositories.target(1))));
    }

    @Test
    void refusesASingleCompromisedDirectorThatChangesTheHash() {
        house.publish(TwoRepositories.target(1));
        TargetFile honest = TwoRepositories.target(1);
        byte[] evil = TwoRepositories.packageBytes(1);
        evil[0] ^= 1;
        TargetFile forged = new TargetFile(honest.path(), honest.length(), Hashes.sha256(evil), honest.custom());
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(forged)));
    }

    @Test
    void refusesASingleCompromisedDirectorThatChangesTheLength() {
        house.publish(TwoRepositories.target(1));
        TargetFile honest = TwoRepositories.target(1);
        TargetFile forged = new TargetFile(honest.path(), honest.length() + 1, honest.hashes(), honest.custom());
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(forged)));
    }

    @Test
    void refusesASingleCompromisedDirectorThatChangesTheReleaseCounter() {
        house.publish(TwoRepositories.target(1));
        TargetFile honest = TwoRepositories.target(1);
        TargetFile forged = new TargetFile(
                honest.path(),
                honest.length(),
                honest.hashes(),
                TwoRepositories.target(2).custom());
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(forged)));
    }

    @Test
    void refusesASingleCompromisedImageKeyWithoutTheDirector() {
        TargetFile wanted = TwoRepositories.target(1);
        house.publish(wanted);
        TargetFile replaced =
                TwoRepositories.target(wanted.path(), TwoRepositories.APP, 1, TwoRepositories.packageBytes(666));
        List<RoleFile> director = house.directorFiles(wanted);
        house.publish(replaced);
        assertRefused(
                Refusal.DISAGREEMENT,
                "targets.json",
                house.verify(BundleWriter.bundle(director, house.imageFiles()).build()));
    }

    @Test
    void refusesACompromisedImageSnapshotKeyWithoutTheVendors() {
        TargetFile wanted = TwoRepositories.target(1);
        house.publish(wanted);
        FileSigner thief = TwoRepositories.newKey();
        VendorRole forged = new VendorRole(List.of(thief), house, Duration.ofDays(1));
        byte[] content = forged.with(Optional.empty(), List.of(TwoRepositories.target(9)));
        // the thief holds snapshot and timestamp keys and binds a forged vendor role into them
        house.imageFiles.save("vendor-acme.json", content);
        house.imageFiles.save("1.vendor-acme.json", content);
        house.image.publish();
        assertRefused(Refusal.THRESHOLD, "vendor-acme.json", house.verify(house.bundle(TwoRepositories.target(9))));
    }

    @Test
    void refusesAVendorKeySigningOutsideItsPathsAtTheServer() {
        TargetFile foreign = TwoRepositories.target(
                VendorRole.packagePath("other", "com.other.app", "1.0.1"),
                "com.other.app",
                1,
                TwoRepositories.packageBytes(1));
        MetadataRefusedException e = assertThrows(MetadataRefusedException.class, () -> house.publish(foreign));
        assertEquals(Refusal.OUTSIDE_PATHS, e.refusal());
        assertEquals("vendor-acme.json", e.file());
    }

    @Test
    void refusesAVendorKeySigningOutsideItsPathsInTheVehicle() {
        house.publish(TwoRepositories.target(1));
        TargetFile foreign = TwoRepositories.target(
                VendorRole.packagePath("other", "com.other.app", "1.0.1"),
                "com.other.app",
                1,
                TwoRepositories.packageBytes(1));
        VendorRole vendor = new VendorRole(List.of(house.vendorKey), house, Duration.ofDays(1));
        byte[] content = vendor.with(house.image.newest("vendor-acme"), List.of(foreign));
        house.imageFiles.save("vendor-acme.json", content);
        house.imageFiles.save("2.vendor-acme.json", content);
        house.image.publish();
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(foreign)));
    }

    @Test
    void refusesAVendorClaimingAnotherAppUnderItsOwnPath() {
        TargetFile disguised = TwoRepositories.target(
                VendorRole.packagePath(TwoRepositories.VENDOR, TwoRepositories.APP, "1.0.1"),
                "com.other.brakes",
                1,
                TwoRepositories.packageBytes(1));
        house.publish(disguised);
        assertRefused(Refusal.OUTSIDE_PATHS, "targets.json", house.verify(house.bundle(disguised)));
    }

    @Test
    void refusesRollbackOfTheDirector() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        MetadataBundle old = house.bundle(target);
        agreed(house.verify(old));
        agreed(house.verify(house.bundle(target)));
        assertRefused(Refusal.ROLLBACK, "timestamp.json", house.verify(old));
    }

    @Test
    void refusesRollbackOfTheImageRepository() {
        TargetFile first = TwoRepositories.target(1);
        house.publish(first);
        List<RoleFile> old = house.imageFiles();
        house.publish(TwoRepositories.target(2));
        agreed(house.verify(house.bundle(TwoRepositories.target(2))));
        assertRefused(
                Refusal.ROLLBACK,
                "timestamp.json",
                house.verify(
                        BundleWriter.bundle(house.directorFiles(first), old).build()));
    }

    @Test
    void refusesALowerReleaseThanInstalled() {
        TargetFile old = TwoRepositories.target(3);
        house.publish(old);
        assertRefused(
                Refusal.RELEASE_ROLLBACK,
                "targets.json",
                house.verify(house.bundle(old), Map.of(TwoRepositories.APP, 4L)));
    }

    @Test
    void refusesFreezeAtAnExpiredTimestamp() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        MetadataBundle held = house.bundle(target);
        agreed(house.verify(held));
        house.sleep(Duration.ofDays(8));
        assertRefused(Refusal.EXPIRED, "timestamp.json", house.verify(held));
    }

    @Test
    void refusesFreezeOfTheImageRepositoryAlone() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        house.sleep(Duration.ofDays(8));
        BundleVerdict.Refused refused =
                assertRefused(Refusal.EXPIRED, "timestamp.json", house.verify(house.bundle(target)));
        assertEquals("image", refused.repository());
    }

    @Test
    void refusesFreezeByAClockSetBack() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        List<RoleFile> oldImage = house.imageFiles();
        agreed(house.verify(house.bundle(target)));
        house.sleep(Duration.ofDays(60));
        house.image.publish();
        agreed(house.verify(house.bundle(target)));
        List<RoleFile> director = house.directorFiles(target);
        house.sleep(Duration.ofDays(-60));
        // the vehicle's clock says all is fresh, the director's last word says it is not
        house.vehicleImage.delete("timestamp.json");
        house.vehicleImage.delete("snapshot.json");
        BundleVerdict.Refused refused = assertRefused(
                Refusal.EXPIRED,
                "timestamp.json",
                house.verify(BundleWriter.bundle(director, oldImage).build()));
        assertEquals("image", refused.repository());
    }

    @Test
    void forgetsATimeFarAheadTogetherWithTheKeyThatSignedIt() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        house.sleep(Duration.ofDays(20 * 365));
        List<RoleFile> stolen = house.directorFiles(target);
        house.sleep(Duration.ofDays(-20 * 365));
        house.verify(BundleWriter.bundle(stolen, house.imageFiles()).build());
        refused(house.verify(house.bundle(target)));
        Map<String, FileSigner> rotated = new HashMap<>(house.directorKeys);
        for (String role : List.of("targets", "snapshot", "timestamp")) {
            rotated.put(role, TwoRepositories.newKey());
        }
        house.directorRoots.add(house.root(2, rotated, List.of(TwoRepositories.key(house.directorKeys, "root"))));
        house.directorKeys.putAll(rotated);
        house.verify(house.bundle(target));
        agreed(house.verify(house.bundle(target)));
    }

    @Test
    void recoversFromFastForwardByRotatingTheOnlineKeys() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        house.directorVersion = 1_000_000;
        agreed(house.verify(house.bundle(target)));
        house.directorVersion = 5;
        assertRefused(Refusal.ROLLBACK, "timestamp.json", house.verify(house.bundle(target)));
        Map<String, FileSigner> rotated = new HashMap<>(house.directorKeys);
        for (String role : List.of("targets", "snapshot", "timestamp")) {
            rotated.put(role, TwoRepositories.newKey());
        }
        house.directorRoots.add(house.root(2, rotated, List.of(TwoRepositories.key(house.directorKeys, "root"))));
        house.directorKeys.putAll(rotated);
        assertEquals(7, agreed(house.verify(house.bundle(target))).directorVersion());
    }

    @Test
    void refusesMixAndMatchOfTwoConsistentSets() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        List<RoleFile> first = house.directorFiles(target);
        List<RoleFile> second = house.directorFiles(target);
        // the newer timestamp with the older snapshot's bytes under the newer name
        List<RoleFile> mixed = new ArrayList<>(second);
        mixed.set(2, new RoleFile("2.snapshot.json", first.get(2).content()));
        assertRefused(
                Refusal.MIX_AND_MATCH,
                "snapshot.json",
                house.verify(BundleWriter.bundle(mixed, house.imageFiles()).build()));
    }

    @Test
    void refusesAMixedBundleWithDirectorFilesInTheImageRepository() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        List<RoleFile> director = house.directorFiles(target);
        BundleVerdict.Refused refused =
                refused(house.verify(BundleWriter.bundle(director, director).build()));
        assertEquals("image", refused.repository());
        assertEquals(Refusal.THRESHOLD, refused.refusal());
    }

    @Test
    void refusesEndlessData() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        MetadataBundle.Builder bundle = house.bundle(target).toBuilder();
        for (int i = 0; i < bundle.getFilesCount(); i++) {
            if (bundle.getFiles(i).getName().equals("timestamp.json")) {
                bundle.getFilesBuilder(i).setContent(ByteString.copyFrom(new byte[100_000]));
                break;
            }
        }
        assertRefused(Refusal.ENDLESS_DATA, "timestamp.json", house.verify(bundle.build()));
    }

    @Test
    void refusesAPartialBundle() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        MetadataBundle.Builder bundle = house.bundle(target).toBuilder();
        for (int i = bundle.getFilesCount() - 1; i >= 0; i--) {
            if (bundle.getFiles(i).getName().endsWith("vendor-acme.json")) {
                bundle.removeFiles(i);
            }
        }
        assertRefused(Refusal.INCOMPLETE, "1.vendor-acme.json", house.verify(bundle.build()));
    }

    @Test
    void refusesReplayOfAnotherVehiclesMetadata() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        List<RoleFile> others = house.director().sign("VIN-2", 50, List.of(new Director.Order(target, "x")));
        BundleVerdict.Refused refused = assertRefused(
                Refusal.WRONG_VEHICLE,
                "targets.json",
                house.verify(BundleWriter.bundle(others, house.imageFiles()).build()));
        assertTrue(refused.detail().contains("VIN-2"), refused.detail());
    }

    @Test
    void anotherVehiclesMetadataDoesNotPushOursAside() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        List<RoleFile> others = house.director().sign("VIN-2", 50, List.of());
        refused(house.verify(BundleWriter.bundle(others, house.imageFiles()).build()));
        agreed(house.verify(house.bundle(target)));
    }

    @Test
    void refusesHardwareThisVehicleDoesNotHave() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        DirectorVerification verification =
                new DirectorVerification(house.vehicleDirector, house.vehicleImage, house, MetadataLimits.USUAL);
        assertRefused(
                Refusal.WRONG_HARDWARE,
                "targets.json",
                verification.verify(
                        house.bundle(target), new VehicleIdentity(TwoRepositories.VEHICLE, Set.of("other"), Map.of())));
    }

    @Test
    void refusesTwoPackagesForOneSlot() {
        TargetFile one = TwoRepositories.target(1);
        TargetFile two = TwoRepositories.target(2);
        house.publish(one, two);
        assertRefused(Refusal.DISAGREEMENT, "targets.json", house.verify(house.bundle(one, two)));
    }

    @Test
    void refusesTheSameFileTwiceInOneBundle() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        MetadataBundle bundle = house.bundle(target);
        MetadataBundle doubled = bundle.toBuilder().addFiles(bundle.getFiles(1)).build();
        assertRefused(Refusal.MALFORMED, bundle.getFiles(1).getName(), house.verify(doubled));
    }

    @Test
    void stopsAtARevokedVendor() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        agreed(house.verify(house.bundle(target)));
        house.image.putTargets(house.delegating(2, TwoRepositories.newKey()));
        house.image.publish();
        BundleVerdict.Refused refused = refused(house.verify(house.bundle(target)));
        assertEquals("vendor-acme.json", refused.file());
    }

    @Test
    void updatesAtOnceAfterAYearAsleepWithEveryKeyRotatedTwice() {
        TargetFile first = TwoRepositories.target(1);
        house.publish(first);
        agreed(house.verify(house.bundle(first)));
        house.sleep(Duration.ofDays(200));
        rotateEverything(2);
        house.sleep(Duration.ofDays(200));
        rotateEverything(3);
        TargetFile second = TwoRepositories.target(2);
        house.publish(first, second);
        BundleVerdict.Agreed agreed = agreed(house.verify(house.bundle(second)));
        assertEquals(2, agreed.targets().getFirst().custom().release());
    }

    private void rotateEverything(int version) {
        FileSigner oldImageRoot = TwoRepositories.key(house.imageKeys, "root");
        FileSigner oldDirectorRoot = TwoRepositories.key(house.directorKeys, "root");
        house.imageKeys.replaceAll((role, key) -> TwoRepositories.newKey());
        house.directorKeys.replaceAll((role, key) -> TwoRepositories.newKey());
        house.directorRoots.add(house.root(
                version,
                house.directorKeys,
                List.of(oldDirectorRoot, TwoRepositories.key(house.directorKeys, "root"))));
        house.image = house.repository();
        house.image.putRoot(house.root(
                version, house.imageKeys, List.of(oldImageRoot, TwoRepositories.key(house.imageKeys, "root"))));
        house.vendorKey = TwoRepositories.newKey();
        house.image.putTargets(house.delegating(version, house.vendorKey));
    }

    private static BundleVerdict.Agreed agreed(BundleVerdict verdict) {
        return assertInstanceOf(BundleVerdict.Agreed.class, verdict, verdict.toString());
    }

    private static BundleVerdict.Refused refused(BundleVerdict verdict) {
        return assertInstanceOf(BundleVerdict.Refused.class, verdict, verdict.toString());
    }

    private static BundleVerdict.Refused assertRefused(Refusal refusal, String file, BundleVerdict verdict) {
        BundleVerdict.Refused refused = refused(verdict);
        assertEquals(refusal, refused.refusal(), refused.toString());
        assertEquals(file, refused.file(), refused.toString());
        return refused;
    }
}
