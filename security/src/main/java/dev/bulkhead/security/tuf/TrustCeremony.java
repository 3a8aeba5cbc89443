package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.VerificationKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the OEM signs offline, kept beside the keys in the key directory:
 *
 * <pre>
 * repository/image/N.root.json      repository/image/targets.json, N.targets.json
 * repository/director/N.root.json
 * trust/image-root.json             trust/director-root.json       factory roots of every vehicle
 * </pre>
 *
 * The server takes these files in ({@link Repository#putRoot}, {@link Repository#putTargets}); it never needs the keys.
 * Not for concurrent use.
 */
public final class TrustCeremony {
    private final KeyDirectory keys;
    private final Lifetimes lifetimes;
    private final InstantSource time;
    private final MetadataStore image;
    private final MetadataStore director;
    private final MetadataStore trust;

    /** @param keys an initialised key directory */
    public TrustCeremony(KeyDirectory keys, Lifetimes lifetimes, InstantSource time) {
        this.keys = keys;
        this.lifetimes = lifetimes;
        this.time = time;
        this.image = new FileMetadataStore(keys.folder().resolve("repository/image"));
        this.director = new FileMetadataStore(keys.folder().resolve("repository/director"));
        this.trust = new FileMetadataStore(keys.folder().resolve("trust"));
    }

    /** Signs the first roots of both repositories and the first, empty image targets. */
    public void init(Optional<char[]> passphrase) {
        byte[] imageRoot = firstRoot("image", passphrase);
        byte[] directorRoot = firstRoot("director", passphrase);
        saveTargets(1, new Delegations(Map.of(), List.of()), RevokedKeys.none(), passphrase);
        image.save(RoleNames.file(1, RoleNames.ROOT), imageRoot);
        director.save(RoleNames.file(1, RoleNames.ROOT), directorRoot);
        trust.save("image-root.json", imageRoot);
        trust.save("director-root.json", directorRoot);
    }

    /**
     * Delegates a vendor's paths to its keys, or to its present keys when it has others by now.
     *
     * @param passphrase of the vendor's keys and of the image targets keys
     */
    public void addVendor(String vendor, Optional<char[]> passphrase) {
        Map<String, VerificationKey> own = new HashMap<>();
        List<String> keyIds = new ArrayList<>();
        for (Signer signer : keys.vendorSigners(vendor, passphrase)) {
            own.put(signer.keyId(), signer.publicKey());
            keyIds.add(signer.keyId());
        }
        Targets before = targets();
        Delegations delegations = before.delegations().orElse(new Delegations(Map.of(), List.of()));
        DelegatedRole role = new DelegatedRole(
                VendorRole.roleName(vendor),
                roleKeys(keyIds, own),
                true,
                new PathSet.Patterns(VendorRole.paths(vendor)));
        List<DelegatedRole> roles = new ArrayList<>(without(delegations, role.name()));
        roles.add(role);
        Map<String, VerificationKey> all = new HashMap<>(delegations.keys());
        all.putAll(own);
        saveTargets(before.version() + 1, used(all, roles), RevokedKeys.of(before), passphrase);
    }

    /**
     * Takes a vendor's delegation back and names its key as revoked: from the next publication on, nothing it signed is
     * installed anywhere.
     *
     * @throws KeyException when nothing is delegated to that vendor
     */
    public void revokeVendor(String vendor, Optional<char[]> passphrase) {
        Targets before = targets();
        Delegations delegations = before.delegations().orElse(new Delegations(Map.of(), List.of()));
        DelegatedRole revoked = delegations.roles().stream()
                .filter(role -> role.name().equals(VendorRole.roleName(vendor)))
                .findFirst()
                .orElseThrow(() -> new KeyException("targets.json delegates nothing to vendor " + vendor));
        saveTargets(
                before.version() + 1,
                used(delegations.keys(), without(delegations, revoked.name())),
                RevokedKeys.of(before).and(revoked.keys().keyIds()),
                passphrase);
    }

    /**
     * Replaces a repository key: signs the next root with the keys of the present one, and of the next where root
     * itself changes; signs the image targets anew where their key changes. What was interrupted is taken up again.
     * Afterwards the server takes the files in and, for its online keys, publishes anew.
     */
    public void rotate(RepositoryKey key, Optional<char[]> passphrase) {
        Signer next = keys.nextRepositoryKey(key, passphrase);
        if (!names(newestRoot(key), key, next)) {
            byte[] signed = nextRoot(key, next, passphrase);
            long version = newestRoot(key).version() + 1;
            store(key).save(RoleNames.file(version, RoleNames.ROOT), signed);
        }
        keys.replaceRepositoryKey(key);
        if (RepositoryKey.of("image", RoleNames.TARGETS).contains(key)) {
            Targets before = targets();
            Delegations delegations = before.delegations().orElse(new Delegations(Map.of(), List.of()));
            saveTargets(before.version() + 1, delegations, RevokedKeys.of(before), passphrase);
        }
    }

    /**
     * Says what {@link #rotate} would do, without leaving a trace.
     *
     * @param rootVersions version of this repository's root that each vehicle holds
     */
    public RotationForecast forecast(RepositoryKey key, Map<String, Long> rootVersions, Optional<char[]> passphrase) {
        Signer stranger = FileSigner.generate(key.scheme(), new SecureRandom());
        List<RoleFile> after = new ArrayList<>(roots(store(key)));
        long version = newestRoot(key).version() + 1;
        after.add(RoleFile.of(RoleNames.file(version, RoleNames.ROOT), nextRoot(key, stranger, passphrase)));
        return RotationForecast.of(after, rootVersions, time.instant());
    }

    /** All image roots, oldest first. */
    public List<RoleFile> imageRoots() {
        return roots(image);
    }

    /** All director roots, oldest first. */
    public List<RoleFile> directorRoots() {
        return roots(director);
    }

    /** The newest image targets. */
    public byte[] imageTargets() {
        return image.load(RoleNames.file(RoleNames.TARGETS))
                .orElseThrow(() -> new MetadataUnavailableException("targets.json", "run bulkhead keys init", null));
    }

    /** Hands roots and targets to the image repository; what it has already is skipped. */
    public void exportTo(Repository repository) {
        imageRoots().forEach(root -> repository.putRoot(root.content().toArray()));
        repository.putTargets(imageTargets());
    }

    private Targets targets() {
        return MetadataReader.read("targets.json", imageTargets(), Targets.class)
                .signed();
    }

    private MetadataStore store(RepositoryKey key) {
        return key.repository().equals("image") ? image : director;
    }

    /** The image root in force. */
    Root newestImageRoot() {
        return newestRoot(image);
    }

    /** The next image root, which says the same but for the OEM's certificates; not kept yet. */
    RoleFile nextImageRoot(OemTrust oem, Optional<char[]> passphrase) {
        Root present = newestImageRoot();
        Root next = new Root(
                present.version() + 1,
                RoleSigning.expiry(time.instant(), lifetimes.root()),
                true,
                present.keys(),
                present.roles(),
                Optional.of(oem));
        return RoleFile.of(
                RoleNames.file(next.version(), RoleNames.ROOT),
                RoleSigning.sign(next, signers("image", RoleNames.ROOT, passphrase)));
    }

    void keepImageRoot(RoleFile root) {
        image.save(root.name(), root.content().toArray());
    }

    private Root newestRoot(RepositoryKey key) {
        return newestRoot(store(key));
    }

    private static Root newestRoot(MetadataStore store) {
        List<RoleFile> roots = roots(store);
        if (roots.isEmpty()) {
            throw new MetadataUnavailableException("1.root.json", "run bulkhead keys init", null);
        }
        RoleFile newest = roots.getLast();
        return MetadataReader.read(newest.name(), newest.content().toArray(), Root.class)
                .signed();
    }

    private static boolean names(Root root, RepositoryKey key, Signer signer) {
        RoleKeys named = root.roles().get(key.role());
        return named != null && named.keyIds().contains(signer.keyId());
    }

    private byte[] nextRoot(RepositoryKey key, Signer next, Optional<char[]> passphrase) {
        Root present = newestRoot(key);
        Map<String, RoleKeys> roles = new HashMap<>(present.roles());
        Map<String, VerificationKey> known = new HashMap<>(present.keys());
        known.put(next.keyId(), next.publicKey());
        List<String> keyIds = RepositoryKey.of(key.repository(), key.role()).stream()
                .map(each -> each == key
                        ? next.keyId()
                        : keys.repositoryKey(each, passphrase).keyId())
                .toList();
        roles.put(key.role(), roleKeys(keyIds, known));
        known.keySet()
                .removeIf(id ->
                        roles.values().stream().noneMatch(role -> role.keyIds().contains(id)));
        List<Signer> signers = new ArrayList<>(signers(key.repository(), RoleNames.ROOT, passphrase));
        if (key.role().equals(RoleNames.ROOT)) {
            signers.add(next);
        }
        Instant expires = RoleSigning.expiry(time.instant(), lifetimes.root());
        return RoleSigning.sign(new Root(present.version() + 1, expires, true, known, roles, present.oem()), signers);
    }

    private List<Signer> signers(String repository, String role, Optional<char[]> passphrase) {
        return RepositoryKey.of(repository, role).stream()
                .map(key -> keys.repositoryKey(key, passphrase))
                .toList();
    }

    /** All keys must sign; with several, one of each kind. */
    private static RoleKeys roleKeys(List<String> keyIds, Map<String, VerificationKey> known) {
        Set<KeyScheme> schemes = EnumSet.noneOf(KeyScheme.class);
        for (String id : keyIds) {
            schemes.add(Objects.requireNonNull(known.get(id), id).scheme());
        }
        return new RoleKeys(keyIds, keyIds.size(), keyIds.size() > 1 ? schemes : Set.of());
    }

    private void saveTargets(long version, Delegations delegations, RevokedKeys revoked, Optional<char[]> passphrase) {
        Targets targets = new Targets(
                version,
                RoleSigning.expiry(time.instant(), lifetimes.targets()),
                Map.of(),
                Optional.of(delegations),
                revoked.toCustom());
        byte[] content = RoleSigning.sign(targets, signers("image", RoleNames.TARGETS, passphrase));
        image.save(RoleNames.file(version, RoleNames.TARGETS), content);
        image.save(RoleNames.file(RoleNames.TARGETS), content);
    }

    private byte[] firstRoot(String repository, Optional<char[]> passphrase) {
        Map<String, VerificationKey> known = new HashMap<>();
        Map<String, RoleKeys> roles = new HashMap<>();
        for (String role : List.of(RoleNames.ROOT, RoleNames.TARGETS, RoleNames.SNAPSHOT, RoleNames.TIMESTAMP)) {
            List<Signer> signers = signers(repository, role, passphrase);
            signers.forEach(signer -> known.put(signer.keyId(), signer.publicKey()));
            roles.put(role, roleKeys(signers.stream().map(Signer::keyId).toList(), known));
        }
        Instant expires = RoleSigning.expiry(time.instant(), lifetimes.root());
        return RoleSigning.sign(
                new Root(1, expires, true, known, roles), signers(repository, RoleNames.ROOT, passphrase));
    }

    private static List<DelegatedRole> without(Delegations delegations, String role) {
        return delegations.roles().stream()
                .filter(each -> !each.name().equals(role))
                .toList();
    }

    /** Keys no role names any more are dropped. */
    private static Delegations used(Map<String, VerificationKey> keys, List<DelegatedRole> roles) {
        Map<String, VerificationKey> named = new HashMap<>();
        roles.forEach(role -> role.keys().keyIds().forEach(id -> {
            VerificationKey key = keys.get(id);
            if (key != null) {
                named.put(id, key);
            }
        }));
        return new Delegations(named, roles);
    }

    private static List<RoleFile> roots(MetadataStore store) {
        List<RoleFile> roots = new ArrayList<>();
        for (long version = 1; version <= 10_000; version++) {
            String name = RoleNames.file(version, RoleNames.ROOT);
            Optional<byte[]> content = store.load(name);
            if (content.isEmpty()) {
                break;
            }
            roots.add(RoleFile.of(name, content.get()));
        }
        return roots;
    }
}
