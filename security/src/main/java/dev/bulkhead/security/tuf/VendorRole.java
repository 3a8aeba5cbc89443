package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.Signer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The delegated role of one vendor, as the vendor writes and signs it. */
public final class VendorRole {
    private final List<Signer> signers;
    private final InstantSource time;
    private final Duration lifetime;

    /** @param signers the vendor's keys; with a hybrid role one of each required scheme */
    public VendorRole(List<? extends Signer> signers, InstantSource time, Duration lifetime) {
        this.signers = List.copyOf(signers);
        this.time = time;
        this.lifetime = lifetime;
    }

    /** Name of the delegated role of a vendor. */
    public static String roleName(String vendor) {
        return "vendor-" + vendor;
    }

    /** The paths a vendor is trusted with: {@code vendor/<v>/<app>/<version>/<file>}. */
    public static List<String> paths(String vendor) {
        return List.of("vendor/" + vendor + "/*/*/*");
    }

    /** Where a package of that vendor lies. */
    public static String packagePath(String vendor, String appId, String version) {
        return "vendor/" + vendor + "/" + appId + "/" + version + "/" + appId + "-" + version + ".sdvapp";
    }

    /**
     * The next version of the role's file, with these targets added or replaced.
     *
     * @param current the newest file, when there is one
     * @throws MetadataRefusedException when the current file cannot be read
     */
    public byte[] with(Optional<byte[]> current, List<TargetFile> added) {
        Map<String, TargetFile> targets = new HashMap<>();
        long version = 1;
        if (current.isPresent()) {
            Targets before = MetadataReader.read("current vendor role", current.get(), Targets.class)
                    .signed();
            targets.putAll(before.targets());
            version = before.version() + 1;
        }
        added.forEach(target -> targets.put(target.path(), target));
        return sign(version, targets);
    }

    /** The next version of the role's file, without these paths. */
    public byte[] without(byte[] current, List<String> removed) {
        Targets before = MetadataReader.read("current vendor role", current, Targets.class)
                .signed();
        Map<String, TargetFile> targets = new HashMap<>(before.targets());
        removed.forEach(targets::remove);
        return sign(before.version() + 1, targets);
    }

    private byte[] sign(long version, Map<String, TargetFile> targets) {
        return RoleSigning.sign(
                new Targets(
                        version,
                        RoleSigning.expiry(time.instant(), lifetime),
                        targets,
                        Optional.empty(),
                        Optional.empty()),
                signers);
    }
}
