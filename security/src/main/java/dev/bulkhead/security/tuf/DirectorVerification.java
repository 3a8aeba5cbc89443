package dev.bulkhead.security.tuf;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.RepositoryKind;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.TrustAnchor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Full verification of both repositories (Uptane standard 5.4.4.2): the director says what this vehicle should run, the
 * image repository says what exists, and a package counts only when both say the same about it. Keeps the metadata it
 * believes in two stores. The vehicle's clock is believed only forward of the time the director last signed. Not safe
 * for several threads.
 */
public final class DirectorVerification {
    private static final String FILE = RoleNames.file(RoleNames.TARGETS);
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

    /** The OEM's certificates as the image root held says; empty while it leaves the vehicle with those it was made with. */
    public Optional<TrustAnchor> oemCertificates() {
        return root(imageStore).oem().map(OemTrust::anchor);
    }

    /**
     * Key ids of vendor keys the OEM has withdrawn, as the image targets believed last name them; for the check of
     * package signatures.
     */
    public Set<String> revokedVendorKeys() {
        return imageStore
                .load(FILE)
                .map(content -> RevokedKeys.of(MetadataReader.read(FILE, content, Targets.class)
                                .signed())
                        .keyIds())
                .orElse(Set.of());
    }

    /**
     * Checks a bundle.
     *
     * @throws MetadataUnavailableException when an own store cannot be read or written; the bundle is not to blame
     */
    public BundleVerdict verify(MetadataBundle bundle, VehicleIdentity vehicle) {
        StagedStore director = new StagedStore(directorStore);
        StagedStore image = new StagedStore(imageStore);
        String repository = DIRECTOR;
        try {
            Targets wanted = wanted(bundle, director, vehicle);
            director.commit();
            repository = IMAGE;
            List<ApprovedTarget> approved =
                    wanted.targets().isEmpty() ? List.of() : approved(bundle, image, wanted, vehicle);
            image.commit();
            return new BundleVerdict.Agreed(wanted.version(), approved);
        } catch (MetadataRefusedException e) {
            return new BundleVerdict.Refused(repository, e.file(), e.refusal(), e.detail());
        }
    }

    private Targets wanted(MetadataBundle bundle, MetadataStore store, VehicleIdentity vehicle) {
        Updater director = updater(new BundleSource(bundle, RepositoryKind.REPOSITORY_KIND_DIRECTOR), store);
        director.refresh();
        Targets wanted = director.trusted().targets().orElseThrow();
        checkDirector(wanted, vehicle);
        return wanted;
    }

    private List<ApprovedTarget> approved(
            MetadataBundle bundle, MetadataStore store, Targets wanted, VehicleIdentity vehicle) {
        Updater image = updater(new BundleSource(bundle, RepositoryKind.REPOSITORY_KIND_IMAGE), store);
        image.refresh();
        return agree(wanted, image, vehicle);
    }

    private Updater updater(MetadataSource source, MetadataStore store) {
        return new Updater(source, store, () -> notBefore(time.instant(), lastSigned()), limits);
    }

    private static Instant notBefore(Instant now, Optional<Instant> floor) {
        return floor.filter(now::isBefore).orElse(now);
    }

    /**
     * When the director signed what this vehicle believed last. It counts while the director's keys do: one that was
     * stolen and set the clock far ahead is forgotten with its key.
     */
    private Optional<Instant> lastSigned() {
        Optional<byte[]> root = directorStore.load(RoleNames.file(RoleNames.ROOT));
        Optional<byte[]> targets = directorStore.load(FILE);
        if (root.isEmpty() || targets.isEmpty()) {
            return Optional.empty();
        }
        try {
            Root keys = MetadataReader.read(RoleNames.file(RoleNames.ROOT), root.get(), Root.class)
                    .signed();
            SignedMetadata<Targets> believed = MetadataReader.read(FILE, targets.get(), Targets.class);
            SignatureThreshold.check(FILE, believed, keys.role(RoleNames.TARGETS), keys.keys());
            return DirectorCustom.signedAt(believed.signed());
        } catch (MetadataRefusedException e) {
            return Optional.empty();
        }
    }

    private static void checkDirector(Targets wanted, VehicleIdentity vehicle) {
        if (wanted.delegations().isPresent()) {
            throw new MetadataRefusedException(FILE, Refusal.MALFORMED, "a director does not delegate");
        }
        if (wanted.targets().size() > MAX_TARGETS) {
            throw new MetadataRefusedException(
                    FILE, Refusal.ENDLESS_DATA, wanted.targets().size() + " targets, limit " + MAX_TARGETS);
        }
        String named = DirectorCustom.vehicleId(wanted).orElse("");
        if (!named.equals(vehicle.vehicleId())) {
            throw new MetadataRefusedException(
                    FILE, Refusal.WRONG_VEHICLE, "made for \"" + named + "\", this is " + vehicle.vehicleId());
        }
    }

    private static List<ApprovedTarget> agree(Targets wanted, Updater image, VehicleIdentity vehicle) {
        List<ApprovedTarget> approved = new ArrayList<>();
        Set<String> slots = new HashSet<>();
        for (TargetFile target : wanted.targets().values()) {
            ApprovedTarget agreed = agree(target, image);
            checkFits(agreed, vehicle);
            if (!slots.add(agreed.custom().appId())) {
                throw disagreement(
                        target, "a second package for " + agreed.custom().appId());
            }
            approved.add(agreed);
        }
        Ensembles.check(FILE, approved);
        return approved;
    }

    private static ApprovedTarget agree(TargetFile wanted, Updater image) {
        TargetFile existing = image.find(wanted.path())
                .orElseThrow(() -> disagreement(wanted, "the director wants it, nobody trusted with it signed it"));
        TargetCustom custom = TargetCustom.of(FILE, wanted)
                .orElseThrow(() -> disagreement(wanted, "the director says nothing of app and release"));
        TargetCustom imageCustom = TargetCustom.of(FILE, existing)
                .orElseThrow(() -> disagreement(wanted, "the image repository says nothing of app and release"));
        if (wanted.length() != existing.length()) {
            throw disagreement(wanted, "length " + wanted.length() + " against " + existing.length());
        }
        if (!wanted.hashes().equals(existing.hashes())) {
            throw disagreement(wanted, "hashes differ");
        }
        if (!custom.equals(imageCustom)) {
            throw disagreement(wanted, custom + " against " + imageCustom);
        }
        Bytes sha256 = wanted.hashes().sha256().orElseThrow(() -> disagreement(wanted, "no SHA-256 among its hashes"));
        return new ApprovedTarget(
                wanted.path(),
                wanted.length(),
                sha256,
                custom,
                DirectorCustom.assignment(wanted),
                Ensembles.named(FILE, wanted, existing));
    }

    /** A vendor trusted with {@code vendor/v/…} must not speak for an app that does not lie there. */
    private static void checkPath(ApprovedTarget target) {
        String[] levels = target.path().split("/", -1);
        if (levels.length != 5
                || !levels[0].equals("vendor")
                || !levels[2].equals(target.custom().appId())
                || !levels[3].equals(target.custom().version())) {
            throw new MetadataRefusedException(
                    FILE,
                    Refusal.OUTSIDE_PATHS,
                    target.path() + ": no place for " + target.custom().appId() + " "
                            + target.custom().version());
        }
    }

    private static void checkFits(ApprovedTarget target, VehicleIdentity vehicle) {
        checkPath(target);
        TargetCustom custom = target.custom();
        if (!vehicle.hardwareIds().contains(custom.hardwareId())) {
            throw new MetadataRefusedException(
                    FILE,
                    Refusal.WRONG_HARDWARE,
                    target.path() + ": for " + custom.hardwareId() + ", this vehicle has " + vehicle.hardwareIds());
        }
        long installed = vehicle.installedReleases().getOrDefault(custom.appId(), 0L);
        if (custom.release() < installed) {
            throw new MetadataRefusedException(
                    FILE,
                    Refusal.RELEASE_ROLLBACK,
                    target.path() + ": release " + custom.release() + ", installed is " + installed);
        }
    }

    private static MetadataRefusedException disagreement(TargetFile target, String what) {
        return new MetadataRefusedException(FILE, Refusal.DISAGREEMENT, target.path() + ": " + what);
    }

    private long rootVersion(MetadataStore store) {
        return root(store).version();
    }

    private Root root(MetadataStore store) {
        return new Updater((name, maxBytes) -> Optional.empty(), store, time, limits)
                .trusted()
                .root();
    }
}
