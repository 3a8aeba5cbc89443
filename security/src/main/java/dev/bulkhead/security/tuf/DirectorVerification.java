package dev.bulkhead.security.tuf;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.RepositoryKind;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Full verification of both repositories (Uptane standard 5.4.4.2): the director says what this vehicle should run, the
 * image repository says what exists, and a package counts only when both say the same about it. Keeps the metadata it
 * believes in two stores. Not safe for several threads.
 */
public final class DirectorVerification {
    /** Member of the director's targets that names the vehicle: {@code custom.bulkhead.vehicleId}. */
    static final String VEHICLE_ID = "vehicleId";

    private static final String DIRECTOR = "director";
    private static final String IMAGE = "image";
    private static final int MAX_TARGETS = 1024;

    private final MetadataStore directorStore;
    private final MetadataStore imageStore;
    private final InstantSource time;
    private final MetadataLimits limits;

    /** Both stores must hold a trusted {@code root.json}; see {@link #initialise}. */
    public DirectorVerification(
            MetadataStore directorStore, MetadataStore imageStore, InstantSource time, MetadataLimits limits) {
        this.directorStore = directorStore;
        this.imageStore = imageStore;
        this.time = time;
        this.limits = limits;
    }

    /** Puts a factory root into a store that has none yet; a store that has one keeps it. */
    public static void initialise(MetadataStore store, byte[] factoryRoot) {
        String file = RoleNames.file(RoleNames.ROOT);
        if (store.load(file).isEmpty()) {
            store.save(file, factoryRoot);
        }
    }

    /** Version of the director root this vehicle holds; goes into its hello. */
    public long directorRootVersion() {
        return rootVersion(directorStore);
    }

    /** Version of the image root this vehicle holds; goes into its hello. */
    public long imageRootVersion() {
        return rootVersion(imageStore);
    }

    /**
     * Checks a bundle.
     *
     * @throws MetadataUnavailableException when an own store cannot be read or written; the bundle is not to blame
     */
    public BundleVerdict verify(MetadataBundle bundle, VehicleIdentity vehicle) {
        Targets wanted;
        try {
            Updater director =
                    updater(new BundleSource(bundle, RepositoryKind.REPOSITORY_KIND_DIRECTOR), directorStore);
            director.refresh();
            wanted = director.trusted().targets().orElseThrow();
            checkDirector(wanted, vehicle);
        } catch (MetadataRefusedException e) {
            return refused(DIRECTOR, e);
        }
        if (wanted.targets().isEmpty()) {
            return new BundleVerdict.Agreed(wanted.version(), List.of());
        }
        try {
            Updater image = updater(new BundleSource(bundle, RepositoryKind.REPOSITORY_KIND_IMAGE), imageStore);
            image.refresh();
            List<ApprovedTarget> approved = new ArrayList<>();
            for (TargetFile target : wanted.targets().values()) {
                approved.add(agree(target, image, vehicle));
            }
            return new BundleVerdict.Agreed(wanted.version(), approved);
        } catch (MetadataRefusedException e) {
            return refused(IMAGE, e);
        }
    }

    private Updater updater(MetadataSource source, MetadataStore store) {
        return new Updater(source, store, time, limits);
    }

    private static void checkDirector(Targets wanted, VehicleIdentity vehicle) {
        String file = RoleNames.file(RoleNames.TARGETS);
        if (wanted.delegations().isPresent()) {
            throw new MetadataRefusedException(file, Refusal.MALFORMED, "a director does not delegate");
        }
        if (wanted.targets().size() > MAX_TARGETS) {
            throw new MetadataRefusedException(
                    file, Refusal.ENDLESS_DATA, wanted.targets().size() + " targets, limit " + MAX_TARGETS);
        }
        String named = vehicleOf(wanted).orElse("");
        if (!named.equals(vehicle.vehicleId())) {
            throw new MetadataRefusedException(
                    file, Refusal.WRONG_VEHICLE, "made for \"" + named + "\", this is " + vehicle.vehicleId());
        }
    }

    private static Optional<String> vehicleOf(Targets targets) {
        return ours(targets.custom(), VEHICLE_ID);
    }

    /** A text that the director alone says, in {@code custom.bulkhead}. */
    private static Optional<String> ours(Optional<Json.Obj> custom, String member) {
        return custom.flatMap(object -> object.find("bulkhead"))
                .flatMap(ours -> ours instanceof Json.Obj object ? object.find(member) : Optional.empty())
                .flatMap(text -> text instanceof Json.Str string ? Optional.of(string.value()) : Optional.empty());
    }

    private static ApprovedTarget agree(TargetFile wanted, Updater image, VehicleIdentity vehicle) {
        String file = RoleNames.file(RoleNames.TARGETS);
        TargetFile existing = image.find(wanted.path())
                .orElseThrow(() -> new MetadataRefusedException(
                        file,
                        Refusal.DISAGREEMENT,
                        wanted.path() + ": the director wants it, nobody trusted with it signed it"));
        TargetCustom custom = TargetCustom.of(file, wanted)
                .orElseThrow(() -> disagreement(wanted, "the director says nothing of app and release"));
        if (wanted.length() != existing.length()) {
            throw disagreement(wanted, "length " + wanted.length() + " against " + existing.length());
        }
        if (!wanted.hashes().equals(existing.hashes())) {
            throw disagreement(wanted, "hashes differ");
        }
        TargetCustom imageCustom = TargetCustom.of(file, existing)
                .orElseThrow(() -> disagreement(wanted, "the image repository says nothing of app and release"));
        if (!custom.equals(imageCustom)) {
            throw disagreement(wanted, custom + " against " + imageCustom);
        }
        checkFits(file, wanted, custom, vehicle);
        Bytes sha256 = wanted.hashes()
                .sha256()
                .orElseThrow(() -> new MetadataRefusedException(
                        file, Refusal.MALFORMED, wanted.path() + ": no SHA-256 among its hashes"));
        return new ApprovedTarget(
                wanted.path(), wanted.length(), sha256, custom, ours(wanted.custom(), ApprovedTarget.ASSIGNMENT_ID));
    }

    private static void checkFits(String file, TargetFile target, TargetCustom custom, VehicleIdentity vehicle) {
        if (!vehicle.hardwareIds().contains(custom.hardwareId())) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.WRONG_HARDWARE,
                    target.path() + ": for " + custom.hardwareId() + ", this vehicle has " + vehicle.hardwareIds());
        }
        long installed = vehicle.installedReleases().getOrDefault(custom.appId(), 0L);
        if (custom.release() < installed) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.RELEASE_ROLLBACK,
                    target.path() + ": release " + custom.release() + ", installed is " + installed);
        }
    }

    private static MetadataRefusedException disagreement(TargetFile target, String what) {
        return new MetadataRefusedException(
                RoleNames.file(RoleNames.TARGETS), Refusal.DISAGREEMENT, target.path() + ": " + what);
    }

    private static BundleVerdict refused(String repository, MetadataRefusedException e) {
        return new BundleVerdict.Refused(repository, e.file(), e.refusal(), e.detail());
    }

    private long rootVersion(MetadataStore store) {
        return new Updater((name, maxBytes) -> Optional.empty(), store, time, limits)
                .trusted()
                .root()
                .version();
    }
}
