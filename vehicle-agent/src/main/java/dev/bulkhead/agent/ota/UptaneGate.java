package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.InstalledRelease;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.tuf.ApprovedTarget;
import dev.bulkhead.security.tuf.BundleVerdict;
import dev.bulkhead.security.tuf.DirectorVerification;
import dev.bulkhead.security.tuf.FileMetadataStore;
import dev.bulkhead.security.tuf.MetadataLimits;
import dev.bulkhead.security.tuf.MetadataRefusedException;
import dev.bulkhead.security.tuf.MetadataStore;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import dev.bulkhead.security.tuf.VehicleIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trust gate of a real vehicle: full verification of director and image repository, with what was accepted kept in
 * files. Used from the client's strand only, but for {@link #revokedVendorKeys}.
 */
public final class UptaneGate implements TrustGate {
    private static final Logger LOG = LoggerFactory.getLogger(UptaneGate.class);
    /** What packages may be made for on a vehicle with this agent: hardware is named by the ABI it offers. */
    public static final Set<String> HARDWARE_IDS = Set.of("bulkhead-abi-1");

    private final String vehicleId;
    private final Set<String> hardwareIds;
    private final PackageInstaller installer;
    private final DirectorVerification verification;
    private final Consumer<TrustAnchor> trust;
    private volatile Set<String> revokedVendorKeys;

    private UptaneGate(
            String vehicleId,
            Set<String> hardwareIds,
            PackageInstaller installer,
            DirectorVerification verification,
            Consumer<TrustAnchor> trust) {
        this.vehicleId = vehicleId;
        this.hardwareIds = Set.copyOf(hardwareIds);
        this.installer = installer;
        this.verification = verification;
        this.trust = trust;
        this.revokedVendorKeys = Set.of();
    }

    /**
     * Opens the kept metadata in {@code directory/director} and {@code directory/image}; a vehicle that has none yet starts
     * from its factory roots.
     *
     * @param hardwareIds what packages may be made for
     * @param trust told which OEM certificates count, now and after each bundle, where the image root says so
     * @param time for expiry; a signed source on the road
     * @throws MetadataUnavailableException when the directory cannot be used
     */
    public static UptaneGate open(
            String vehicleId,
            Set<String> hardwareIds,
            FactoryRoots factory,
            PackageInstaller installer,
            Path directory,
            Consumer<TrustAnchor> trust,
            InstantSource time) {
        MetadataStore director = new FileMetadataStore(directory.resolve("director"));
        MetadataStore image = new FileMetadataStore(directory.resolve("image"));
        DirectorVerification.initialise(director, factory.director());
        DirectorVerification.initialise(image, factory.image());
        UptaneGate gate = new UptaneGate(
                vehicleId,
                hardwareIds,
                installer,
                new DirectorVerification(director, image, time, MetadataLimits.USUAL),
                trust);
        gate.readRevokedKeys();
        gate.readOemCertificates();
        return gate;
    }

    @Override
    public long directorRootVersion() {
        return verification.directorRootVersion();
    }

    @Override
    public long imageRootVersion() {
        return verification.imageRootVersion();
    }

    @Override
    public Verdict examine(MetadataBundle bundle) {
        try {
            BundleVerdict verdict = verification.verify(bundle, identity());
            readRevokedKeys();
            readOemCertificates();
            return verdict(verdict);
        } catch (MetadataUnavailableException e) {
            return new Verdict.Undecided(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Verdict.Refused("malformed", "director targets: " + e.getMessage());
        }
    }

    @Override
    public Set<String> revokedVendorKeys() {
        return revokedVendorKeys;
    }

    /** Kept targets that cannot be read are no reason to stand still: the next bundle brings them again, or is refused. */
    private void readRevokedKeys() {
        try {
            revokedVendorKeys = verification.revokedVendorKeys();
        } catch (MetadataRefusedException e) {
            LOG.error("revoked vendor keys stay as they were known: {}", e.getMessage());
        }
    }

    /** Roots are kept one by one, also from a bundle that is refused in the end. */
    private void readOemCertificates() {
        verification.oemCertificates().ifPresent(trust);
    }

    private static Verdict verdict(BundleVerdict verdict) {
        return switch (verdict) {
            case BundleVerdict.Agreed agreed ->
                new Verdict.Accepted(
                        agreed.targets().stream().map(UptaneGate::assignment).toList());
            case BundleVerdict.Refused refused ->
                new Verdict.Refused(
                        refused.refusal().word(),
                        refused.repository() + " " + refused.file() + ": " + refused.detail());
        };
    }

    private VehicleIdentity identity() {
        Map<String, Long> releases = new HashMap<>();
        List<InstalledRelease> installed = installer.installed();
        installed.forEach(
                app -> releases.put(app.release().appId(), app.release().release()));
        return new VehicleIdentity(vehicleId, hardwareIds, releases);
    }

    private static Assignment assignment(ApprovedTarget target) {
        ReleaseRef release = new ReleaseRef(
                target.custom().appId(),
                target.custom().version(),
                target.custom().release(),
                target.sha256().hex());
        // a director that names no order gets its reports under a name made of what it ordered
        String id = target.assignment()
                .orElseGet(() -> release.appId() + "@" + release.release() + ":" + release.packageDigest());
        return new Assignment(
                id,
                release,
                target.length(),
                target.custom().blockSize(),
                Hash.of(target.custom().blocksRoot().toArray()),
                target.ensemble());
    }
}
