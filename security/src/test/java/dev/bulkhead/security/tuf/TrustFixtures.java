package dev.bulkhead.security.tuf;

import dev.bulkhead.contract.proto.MetadataBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Valid inputs for tests of other packages. */
public final class TrustFixtures {
    private final TwoRepositories house = new TwoRepositories();
    private final MetadataBundle bundle;

    public TrustFixtures() {
        TargetFile target = TwoRepositories.target(1);
        house.publish(target);
        bundle = house.bundle(target);
    }

    /** A bundle a vehicle agrees with. */
    public byte[] bundle() {
        return bundle.toByteArray();
    }

    /** Verifies with fresh stores each time. */
    public BundleVerdict verify(MetadataBundle input) {
        MemoryMetadataStore director = new MemoryMetadataStore();
        MemoryMetadataStore image = new MemoryMetadataStore();
        DirectorVerification.initialise(director, house.directorRoots.getFirst());
        DirectorVerification.initialise(
                image, house.image.rootsAfter(0).getFirst().content().toArray());
        return new DirectorVerification(director, image, house, MetadataLimits.USUAL)
                .verify(
                        input,
                        new VehicleIdentity(TwoRepositories.VEHICLE, Set.of(TwoRepositories.HARDWARE), Map.of()));
    }

    /** One file of each role. */
    public static List<byte[]> metadataFiles() {
        List<byte[]> files = new ArrayList<>();
        TrustFixtures fixtures = new TrustFixtures();
        fixtures.bundle
                .getFilesList()
                .forEach(file -> files.add(file.getContent().toByteArray()));
        return files;
    }

    /** Reads a file as every type it could be. */
    public static void readAny(byte[] content) {
        for (Class<? extends RoleMetadata> type : List.of(Root.class, Timestamp.class, Snapshot.class, Targets.class)) {
            try {
                SignedMetadata<? extends RoleMetadata> read = MetadataReader.read("file", content, type);
                read.signed().toJson();
            } catch (MetadataRefusedException e) {
                // another type may still fit
            }
        }
    }
}
