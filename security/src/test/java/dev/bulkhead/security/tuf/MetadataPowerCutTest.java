package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.MetadataBundle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The power goes at every single write of an update of both repositories; each file by itself is written whole or not. */
class MetadataPowerCutTest {
    /** No failure of the store that the verification knows of. */
    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** One count over both repositories' stores. */
    private static final class Power {
        private int left;

        Power(int writes) {
            this.left = writes;
        }

        void use() {
            if (left-- == 0) {
                throw new PowerCut();
            }
        }
    }

    private record FailingStore(MetadataStore under, Power power) implements MetadataStore {
        @Override
        public Optional<byte[]> load(String fileName) {
            return under.load(fileName);
        }

        @Override
        public void save(String fileName, byte[] content) {
            power.use();
            under.save(fileName, content);
        }

        @Override
        public void delete(String fileName) {
            power.use();
            under.delete(fileName);
        }
    }

    private static final VehicleIdentity VEHICLE =
            new VehicleIdentity(TwoRepositories.VEHICLE, Set.of(TwoRepositories.HARDWARE), Map.of());

    /** A vehicle that believes release 1, and the bundle that brings release 2 with new roots and online keys. */
    private record Moment(TwoRepositories house, MetadataBundle first, MetadataBundle second) {
        static Moment beforeTheUpdate() {
            TwoRepositories house = new TwoRepositories();
            TargetFile one = TwoRepositories.target(1);
            house.publish(one);
            MetadataBundle first = house.bundle(one);
            assertInstanceOf(BundleVerdict.Agreed.class, house.verify(first));
            house.sleep(Duration.ofDays(1));
            rotate(house);
            TargetFile two = TwoRepositories.target(2);
            house.publish(one, two);
            return new Moment(house, first, house.bundle(two));
        }

        private static void rotate(TwoRepositories house) {
            var oldImageRoot = TwoRepositories.key(house.imageKeys, "root");
            var oldDirectorRoot = TwoRepositories.key(house.directorKeys, "root");
            house.imageKeys.replaceAll((role, key) -> TwoRepositories.newKey());
            house.directorKeys.replaceAll((role, key) -> TwoRepositories.newKey());
            house.directorRoots.add(house.root(
                    2, house.directorKeys, List.of(oldDirectorRoot, TwoRepositories.key(house.directorKeys, "root"))));
            house.image = house.repository();
            house.image.putRoot(house.root(
                    2, house.imageKeys, List.of(oldImageRoot, TwoRepositories.key(house.imageKeys, "root"))));
            house.image.putTargets(house.delegating(2, house.vendorKey));
        }

        /** True when the power lasted to the end. */
        boolean update(int writes) {
            Power power = new Power(writes);
            try {
                BundleVerdict verdict = new DirectorVerification(
                                new FailingStore(house.vehicleDirector, power),
                                new FailingStore(house.vehicleImage, power),
                                house,
                                MetadataLimits.USUAL)
                        .verify(second, VEHICLE);
                assertInstanceOf(BundleVerdict.Agreed.class, verdict, verdict.toString());
                return true;
            } catch (PowerCut e) {
                return false;
            }
        }
    }

    @Test
    void whereverThePowerGoesTheSameBundleIsBelievedAfterwards() {
        int writes = 0;
        boolean lasted = false;
        while (!lasted) {
            Moment moment = Moment.beforeTheUpdate();
            lasted = moment.update(writes);
            DirectorVerification again = new DirectorVerification(
                    moment.house().vehicleDirector, moment.house().vehicleImage, moment.house(), MetadataLimits.USUAL);
            long director = again.directorRootVersion();
            long image = again.imageRootVersion();
            assertTrue(director >= image && director <= 2, "roots " + director + " and " + image);
            assertEquals(Set.of(), again.revokedVendorKeys());
            BundleVerdict verdict = again.verify(moment.second(), VEHICLE);
            BundleVerdict.Agreed agreed =
                    assertInstanceOf(BundleVerdict.Agreed.class, verdict, "cut at write " + writes + ": " + verdict);
            assertEquals(2, agreed.targets().getFirst().custom().release());
            writes++;
        }
        assertTrue(writes >= 10, "writes in all: " + writes);
    }

    @Test
    void whatWasAcceptedBeforeTheCutIsNotTakenBackByAnOldBundle() {
        Moment whole = Moment.beforeTheUpdate();
        assertTrue(whole.update(Integer.MAX_VALUE));
        BundleVerdict replayed = whole.house().verify(whole.first());
        assertInstanceOf(BundleVerdict.Refused.class, replayed, replayed.toString());
        int writes = 0;
        boolean lasted = false;
        boolean refusedBefore = false;
        while (!lasted) {
            Moment moment = Moment.beforeTheUpdate();
            lasted = moment.update(writes++);
            boolean refused = moment.house().verify(moment.first()) instanceof BundleVerdict.Refused;
            assertTrue(refused || !refusedBefore, "once refused, refused at every later cut: write " + writes);
            refusedBefore = refused;
        }
        assertTrue(refusedBefore);
    }
}
