package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.Signer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The image repository as its server sees it: takes in roots, top-level targets and vendor roles that others signed,
 * checks each the way a client will, and binds them together with its own snapshot and timestamp. All state lies in the
 * store, under the names clients fetch: {@code 1.root.json}, {@code 4.vendor-acme.json}, {@code timestamp.json} …
 * Calls exclude each other.
 */
public final class Repository {
    private static final int MAX_ROOTS = 10_000;

    private final MetadataStore files;
    private final Signer snapshotSigner;
    private final Signer timestampSigner;
    private final Lifetimes lifetimes;
    private final InstantSource time;

    /** @param files where published files lie; what clients may be given byte for byte */
    public Repository(
            MetadataStore files,
            Signer snapshotSigner,
            Signer timestampSigner,
            Lifetimes lifetimes,
            InstantSource time) {
        this.files = files;
        this.snapshotSigner = snapshotSigner;
        this.timestampSigner = timestampSigner;
        this.lifetimes = lifetimes;
        this.time = time;
    }

    /**
     * Takes in a root: the first, the one already held, or the next.
     *
     * @throws MetadataRefusedException when it is not signed by itself and its predecessor
     */
    public synchronized void putRoot(byte[] content) {
        Root root = MetadataReader.read("root.json", content, Root.class).signed();
        Optional<byte[]> newest = newestRoot();
        if (newest.isEmpty()) {
            new TrustedMetadata(content, time.instant());
        } else {
            long held = MetadataReader.read("root.json", newest.get(), Root.class)
                    .signed()
                    .version();
            if (root.version() <= held) {
                requireSame(RoleNames.file(root.version(), RoleNames.ROOT), content);
                return;
            }
            new TrustedMetadata(newest.get(), time.instant()).updateRoot(content);
        }
        files.save(RoleNames.file(root.version(), RoleNames.ROOT), content);
    }

    /**
     * Takes in top-level targets, which delegate to vendors; they count from the next {@link #publish}.
     *
     * @throws MetadataRefusedException when root's keys did not sign it, or its version does not rise
     */
    public synchronized void putTargets(byte[] content) {
        String file = RoleNames.file(RoleNames.TARGETS);
        SignedMetadata<Targets> read = MetadataReader.read(file, content, Targets.class);
        Root root = root();
        SignatureThreshold.check(file, read, root.role(RoleNames.TARGETS), root.keys());
        accept(RoleNames.TARGETS, read.signed().version(), content);
    }

    /**
     * Takes in a delegated role, such as a vendor's; it counts from the next {@link #publish}.
     *
     * @throws MetadataRefusedException when the keys delegated to did not sign it, it names a path it is not trusted
     *     with, has expired, or its version does not rise
     */
    public synchronized void putDelegated(String role, byte[] content) {
        String file = RoleNames.file(role);
        Delegations delegations = targets().delegations().orElseThrow(() -> notDelegated(role));
        DelegatedRole delegated = delegations.roles().stream()
                .filter(each -> each.name().equals(role))
                .findFirst()
                .orElseThrow(() -> notDelegated(role));
        SignedMetadata<Targets> read = MetadataReader.read(file, content, Targets.class);
        SignatureThreshold.check(file, read, delegated.keys(), delegations.keys());
        for (String path : read.signed().targets().keySet()) {
            if (!delegated.paths().covers(path)) {
                throw new MetadataRefusedException(file, Refusal.OUTSIDE_PATHS, "not trusted with " + path);
            }
        }
        if (read.signed().isExpired(time.instant())) {
            throw new MetadataRefusedException(
                    file, Refusal.EXPIRED, "expired at " + read.signed().expires());
        }
        accept(role, read.signed().version(), content);
    }

    /** The newest file of a targets role, for whoever signs the next version. */
    public synchronized Optional<byte[]> newest(String role) {
        return files.load(RoleNames.file(role));
    }

    /** The newest top-level targets. */
    public synchronized Targets targets() {
        String file = RoleNames.file(RoleNames.TARGETS);
        return MetadataReader.read(
                        file,
                        files.load(file)
                                .orElseThrow(() -> new MetadataUnavailableException(
                                        file, "take in the top-level targets first", null)),
                        Targets.class)
                .signed();
    }

    /** The newest root. */
    public synchronized Root root() {
        byte[] newest = newestRoot()
                .orElseThrow(() -> new MetadataUnavailableException("1.root.json", "take in a root first", null));
        return MetadataReader.read("root.json", newest, Root.class).signed();
    }

    /**
     * Signs a new snapshot over what was taken in, and a new timestamp over it. Also to be called before either
     * expires.
     */
    public synchronized void publish() {
        // a role once announced stays announced, or every vehicle would see its disappearance as a rollback
        Map<String, FileMeta> meta = new TreeMap<>(announced());
        collect(meta, RoleNames.TARGETS);
        targets()
                .delegations()
                .ifPresent(delegations -> delegations.roles().forEach(role -> collect(meta, role.name())));
        long version =
                timestamp().map(before -> before.snapshot().version() + 1).orElse(1L);
        byte[] snapshot = RoleSigning.sign(
                new Snapshot(version, RoleSigning.expiry(time.instant(), lifetimes.snapshot()), meta),
                List.of(snapshotSigner));
        files.save(RoleNames.file(version, RoleNames.SNAPSHOT), snapshot);
        publishTimestamp(FileMeta.of(version, snapshot));
    }

    /** Signs a new timestamp over the snapshot that stands. */
    public synchronized void refreshTimestamp() {
        publishTimestamp(timestamp()
                .orElseThrow(() -> new MetadataUnavailableException("timestamp.json", "publish first", null))
                .snapshot());
    }

    /** The published timestamp, when there is one. */
    public synchronized Optional<Timestamp> timestamp() {
        String file = RoleNames.file(RoleNames.TIMESTAMP);
        return files.load(file)
                .map(content ->
                        MetadataReader.read(file, content, Timestamp.class).signed());
    }

    /** Everything a client needs that holds this version of root: newer roots, then one consistent set. */
    public synchronized List<RoleFile> filesAfterRoot(long rootVersion) {
        List<RoleFile> out = new ArrayList<>(rootsAfter(rootVersion));
        Timestamp timestamp = timestamp()
                .orElseThrow(() -> new MetadataUnavailableException("timestamp.json", "publish first", null));
        out.add(published(RoleNames.file(RoleNames.TIMESTAMP)));
        RoleFile snapshotFile = published(RoleNames.file(timestamp.snapshot().version(), RoleNames.SNAPSHOT));
        out.add(snapshotFile);
        Snapshot snapshot = MetadataReader.read(
                        snapshotFile.name(), snapshotFile.content().toArray(), Snapshot.class)
                .signed();
        snapshot.meta().forEach((name, meta) -> {
            String role = name.substring(0, name.length() - ".json".length());
            out.add(published(RoleNames.file(meta.version(), role)));
        });
        return out;
    }

    /** All roots after this version, oldest first. */
    public synchronized List<RoleFile> rootsAfter(long version) {
        List<RoleFile> roots = new ArrayList<>();
        for (long next = Math.max(version, 0) + 1; roots.size() < MAX_ROOTS; next++) {
            String name = RoleNames.file(next, RoleNames.ROOT);
            Optional<byte[]> content = files.load(name);
            if (content.isEmpty()) {
                break;
            }
            roots.add(RoleFile.of(name, content.get()));
        }
        return roots;
    }

    private Map<String, FileMeta> announced() {
        return timestamp()
                .map(timestamp -> RoleNames.file(timestamp.snapshot().version(), RoleNames.SNAPSHOT))
                .map(name -> MetadataReader.read(name, published(name).content().toArray(), Snapshot.class)
                        .signed()
                        .meta())
                .orElse(Map.of());
    }

    private void collect(Map<String, FileMeta> meta, String role) {
        files.load(RoleNames.file(role)).ifPresent(content -> {
            long version = MetadataReader.read(RoleNames.file(role), content, Targets.class)
                    .signed()
                    .version();
            meta.put(role + ".json", FileMeta.of(version, content));
        });
    }

    private void accept(String role, long version, byte[] content) {
        String newest = RoleNames.file(role);
        Optional<byte[]> held = files.load(newest);
        if (held.isPresent()) {
            long before = MetadataReader.read(newest, held.get(), Targets.class)
                    .signed()
                    .version();
            if (version < before || (version == before && !Arrays.equals(held.get(), content))) {
                throw new MetadataRefusedException(newest, Refusal.ROLLBACK, "version " + version + " after " + before);
            }
        }
        // the versioned file first: the unversioned one is what the next snapshot is made of
        files.save(RoleNames.file(version, role), content);
        files.save(newest, content);
    }

    private void publishTimestamp(FileMeta snapshot) {
        long version = timestamp().map(before -> before.version() + 1).orElse(1L);
        Timestamp timestamp =
                new Timestamp(version, RoleSigning.expiry(time.instant(), lifetimes.timestamp()), snapshot);
        files.save(RoleNames.file(RoleNames.TIMESTAMP), RoleSigning.sign(timestamp, List.of(timestampSigner)));
    }

    private Optional<byte[]> newestRoot() {
        List<RoleFile> roots = rootsAfter(0);
        return roots.isEmpty()
                ? Optional.empty()
                : Optional.of(roots.getLast().content().toArray());
    }

    private RoleFile published(String name) {
        return RoleFile.of(
                name, files.load(name).orElseThrow(() -> new MetadataUnavailableException(name, "was lost", null)));
    }

    private void requireSame(String name, byte[] content) {
        if (!published(name).content().equals(Bytes.copyOf(content))) {
            throw new MetadataRefusedException(name, Refusal.ROLLBACK, "another root of this version is held already");
        }
    }

    private static MetadataRefusedException notDelegated(String role) {
        return new MetadataRefusedException(
                RoleNames.file(role), Refusal.THRESHOLD, "the top-level targets do not delegate to it");
    }
}
