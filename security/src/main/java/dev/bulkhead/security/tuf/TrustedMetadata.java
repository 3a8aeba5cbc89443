package dev.bulkhead.security.tuf;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client believes, and the rules by which it comes to believe more (TUF 1.0 section 5.3). Pure: bytes in,
 * records or a {@link MetadataRefusedException} out. Files go in in the order root, timestamp, snapshot, targets; a
 * file refused leaves what was believed before. Not safe for several threads.
 *
 * <p>An expired timestamp or snapshot that was once believed may go in as a floor against rollback; it never lets the
 * next file in.
 */
public final class TrustedMetadata {
    private final Instant now;
    private final Map<DelegationPath, Targets> targets = new HashMap<>();
    private Root root;
    private @Nullable Timestamp timestamp;
    private @Nullable Snapshot snapshot;

    /**
     * Starts from a root that is trusted already; it is only checked against itself.
     *
     * @param now the time expiry is judged by, the same for the whole run
     */
    public TrustedMetadata(byte[] trustedRoot, Instant now) {
        this.now = now;
        SignedMetadata<Root> read = MetadataReader.read("root.json", trustedRoot, Root.class);
        checkTopLevel("root.json", RoleNames.ROOT, read, read.signed());
        this.root = read.signed();
    }

    /** The time expiry is judged by. */
    public Instant now() {
        return now;
    }

    /** The newest root. */
    public Root root() {
        return root;
    }

    /** The timestamp, once there is one. */
    public Optional<Timestamp> timestamp() {
        return Optional.ofNullable(timestamp);
    }

    /** The snapshot, once there is one. */
    public Optional<Snapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /** The top-level targets, once there are any. */
    public Optional<Targets> targets() {
        return targets(DelegationPath.TOP);
    }

    /** A role's targets as this path vouches for them. What another delegator vouched for does not count. */
    public Optional<Targets> targets(DelegationPath path) {
        return Optional.ofNullable(targets.get(path));
    }

    /** Takes root N+1: signed as both N and N+1 demand (5.3.4, 5.3.5). An expired one may be a step on the way. */
    public void updateRoot(byte[] content) {
        if (timestamp != null) {
            throw new IllegalStateException("roots come before the timestamp");
        }
        String file = RoleNames.file(root.version() + 1, RoleNames.ROOT);
        SignedMetadata<Root> read = MetadataReader.read(file, content, Root.class);
        checkTopLevel(file, RoleNames.ROOT, read, root);
        checkTopLevel(file, RoleNames.ROOT, read, read.signed());
        long version = read.signed().version();
        if (version != root.version() + 1) {
            throw new MetadataRefusedException(
                    file,
                    version <= root.version() ? Refusal.ROLLBACK : Refusal.WRONG_VERSION,
                    "version " + version + " after root " + root.version());
        }
        root = read.signed();
    }

    /**
     * Takes a timestamp (5.4).
     *
     * @return false when it is of the version already believed, which stays
     */
    public boolean updateTimestamp(byte[] content) {
        String file = RoleNames.file(RoleNames.TIMESTAMP);
        requireFresh(RoleNames.file(RoleNames.ROOT), root);
        SignedMetadata<Timestamp> read = MetadataReader.read(file, content, Timestamp.class);
        checkTopLevel(file, RoleNames.TIMESTAMP, read, root);
        Timestamp before = timestamp;
        if (before != null) {
            if (read.signed().version() == before.version()) {
                requireFresh(file, before);
                return false;
            }
            refuseRollback(file, RoleNames.TIMESTAMP, read.signed().version(), before.version());
            refuseRollback(
                    file,
                    RoleNames.SNAPSHOT,
                    read.signed().snapshot().version(),
                    before.snapshot().version());
        }
        timestamp = read.signed();
        requireFresh(file, timestamp);
        return true;
    }

    /**
     * Takes a snapshot (5.5).
     *
     * @param believedBefore whether it comes from the own store; then it may be older than announced, as a floor
     */
    public void updateSnapshot(byte[] content, boolean believedBefore) {
        Timestamp announcing = requireTimestamp();
        String file = RoleNames.file(RoleNames.SNAPSHOT);
        requireFresh(RoleNames.file(RoleNames.TIMESTAMP), announcing);
        if (!believedBefore) {
            checkAnnounced(file, content, announcing.snapshot());
        }
        SignedMetadata<Snapshot> read = MetadataReader.read(file, content, Snapshot.class);
        checkTopLevel(file, RoleNames.SNAPSHOT, read, root);
        if (snapshot != null) {
            refuseRollback(file, snapshot, read.signed());
        }
        snapshot = read.signed();
        requireFinalSnapshot();
    }

    /** Takes targets (5.6): the top-level ones, or a delegated role's, signed by whom its delegator names (5.6.7). */
    public Targets updateTargets(byte[] content, DelegationPath path) {
        String role = path.role();
        Snapshot announcing = requireFinalSnapshot();
        String file = RoleNames.file(role);
        FileMeta announced = announced(role);
        checkAnnounced(file, content, announced);
        SignedMetadata<Targets> read = MetadataReader.read(file, content, Targets.class);
        checkSigners(file, path, read);
        if (read.signed().version() != announced.version()) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.WRONG_VERSION,
                    "version " + read.signed().version() + ", snapshot " + announcing.version() + " announces "
                            + announced.version());
        }
        requireFresh(file, read.signed());
        targets.put(path, read.signed());
        return read.signed();
    }

    /** What the snapshot announces about a role. */
    FileMeta announced(String role) {
        return requireFinalSnapshot()
                .find(role)
                .orElseThrow(() -> new MetadataRefusedException(
                        RoleNames.file(RoleNames.SNAPSHOT), Refusal.INCOMPLETE, "does not announce role " + role));
    }

    Timestamp requireTimestamp() {
        if (timestamp == null) {
            throw new IllegalStateException("the timestamp comes first");
        }
        return timestamp;
    }

    private Snapshot requireFinalSnapshot() {
        Timestamp announcing = requireTimestamp();
        if (snapshot == null) {
            throw new IllegalStateException("the snapshot comes first");
        }
        String file = RoleNames.file(RoleNames.SNAPSHOT);
        requireFresh(file, snapshot);
        if (snapshot.version() != announcing.snapshot().version()) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.WRONG_VERSION,
                    "version " + snapshot.version() + ", timestamp " + announcing.version() + " announces "
                            + announcing.snapshot().version());
        }
        return snapshot;
    }

    private static void checkTopLevel(String file, String role, SignedMetadata<?> metadata, Root by) {
        SignatureThreshold.check(file, metadata, by.role(role), by.keys());
    }

    private void checkSigners(String file, DelegationPath path, SignedMetadata<Targets> metadata) {
        Optional<DelegationPath> delegator = path.delegator();
        if (delegator.isEmpty()) {
            checkTopLevel(file, RoleNames.TARGETS, metadata, root);
            return;
        }
        Delegations delegations = targets(delegator.get())
                .flatMap(Targets::delegations)
                .orElseThrow(() -> new IllegalStateException(delegator.get() + " comes first"));
        DelegatedRole delegated = delegations.roles().stream()
                .filter(each -> each.name().equals(path.role()))
                .findFirst()
                .orElseThrow(() -> new MetadataRefusedException(
                        file, Refusal.THRESHOLD, delegator.get().role() + " does not delegate to it"));
        SignatureThreshold.check(file, metadata, delegated.keys(), delegations.keys());
    }

    private static void checkAnnounced(String file, byte[] content, FileMeta announced) {
        if (announced.length().isPresent() && announced.length().getAsLong() != content.length) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.MIX_AND_MATCH,
                    content.length + " bytes, announced " + announced.length().getAsLong());
        }
        announced.hashes().differsFrom(content).ifPresent(how -> {
            throw new MetadataRefusedException(file, Refusal.MIX_AND_MATCH, how);
        });
    }

    private static void refuseRollback(String file, Snapshot before, Snapshot after) {
        for (Map.Entry<String, FileMeta> known : before.meta().entrySet()) {
            FileMeta now = after.meta().get(known.getKey());
            if (now == null) {
                throw new MetadataRefusedException(file, Refusal.ROLLBACK, "no longer announces " + known.getKey());
            }
            refuseRollback(file, known.getKey(), now.version(), known.getValue().version());
        }
    }

    private static void refuseRollback(String file, String what, long version, long before) {
        if (version < before) {
            throw new MetadataRefusedException(
                    file, Refusal.ROLLBACK, what + " version " + version + " after " + before);
        }
    }

    private void requireFresh(String file, RoleMetadata metadata) {
        if (metadata.isExpired(now)) {
            throw new MetadataRefusedException(
                    file, Refusal.EXPIRED, "expired at " + metadata.expires() + ", it is " + now);
        }
    }
}
