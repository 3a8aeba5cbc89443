package dev.bulkhead.server.repository;

import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.MetadataRefusedException;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import dev.bulkhead.security.tuf.Repository;
import dev.bulkhead.security.tuf.RoleFile;
import dev.bulkhead.security.tuf.RoleNames;
import dev.bulkhead.security.tuf.Timestamp;
import dev.bulkhead.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The image repository in the database: what exists, signed by whom it belongs to (ota.md, Trust metadata). Root and
 * targets come from the OEM, one terminating delegation per vendor from the vendor; snapshot and timestamp are signed
 * here. Works inside the caller's transaction, with which its changes stand or fall. Thread-safe.
 */
public final class ImageRepository {
    private static final String NAME = "image";
    private static final int MOST_BYTES = 4 << 20;

    private final OnlineKeys keys;
    private final Lifetimes lifetimes;
    private final InstantSource time;

    public ImageRepository(OnlineKeys keys, Lifetimes lifetimes, InstantSource time) {
        this.keys = keys;
        this.lifetimes = lifetimes;
        this.time = time;
    }

    private Repository in(Transaction tx) {
        return new Repository(
                new TableMetadataStore(tx, NAME), keys.imageSnapshot(), keys.imageTimestamp(), lifetimes, time);
    }

    /** Takes in what the OEM signed offline; what is here already is skipped. True when anything changed. */
    public boolean takeIn(Transaction tx, OfflineMetadata offline) {
        Repository repository = in(tx);
        List<String> before = tx.metadata().names(NAME);
        offline.imageRoots().forEach(root -> repository.putRoot(root.content().toArray()));
        offline.imageTargets().ifPresent(repository::putTargets);
        boolean changed = !before.equals(tx.metadata().names(NAME));
        if (changed && repository.newest(RoleNames.TARGETS).isPresent()) {
            repository.publish();
        }
        return changed;
    }

    /**
     * Takes metadata that was signed elsewhere: a root, the targets or a vendor's role, and publishes it.
     *
     * @throws MetadataRefusedException when a vehicle would not believe it
     */
    public void accept(Transaction tx, String role, byte[] content) {
        requireAcceptable(role, content);
        Repository repository = in(tx);
        if (role.equals(RoleNames.ROOT)) {
            repository.putRoot(content);
        } else if (role.equals(RoleNames.TARGETS)) {
            repository.putTargets(content);
        } else {
            repository.putDelegated(role, content);
        }
        if (repository.newest(RoleNames.TARGETS).isPresent()) {
            repository.publish();
        }
    }

    private static void requireAcceptable(String role, byte[] content) {
        if (content.length > MOST_BYTES) {
            throw new IllegalArgumentException(role + " metadata has more than " + MOST_BYTES + " bytes");
        }
        if (role.equals(RoleNames.SNAPSHOT) || role.equals(RoleNames.TIMESTAMP)) {
            throw new IllegalArgumentException(role + " metadata is signed by this server and cannot be handed in");
        }
    }

    /** Signs snapshot and timestamp anew when less than half of the timestamp's life is left. True when it did. */
    public boolean freshen(Transaction tx) {
        Repository repository = in(tx);
        Optional<Timestamp> timestamp = repository.timestamp();
        if (timestamp.isEmpty() || !isStale(timestamp.get().expires(), lifetimes, time.instant())) {
            return false;
        }
        repository.publish();
        return true;
    }

    private static boolean isStale(Instant expires, Lifetimes lifetimes, Instant now) {
        return now.plus(lifetimes.timestamp().dividedBy(2)).isAfter(expires);
    }

    /** A role's newest file, or the timestamp. */
    public Optional<byte[]> newest(Transaction tx, String role) {
        if (role.equals(RoleNames.ROOT)) {
            List<RoleFile> roots = in(tx).rootsAfter(0);
            return roots.isEmpty()
                    ? Optional.empty()
                    : Optional.of(roots.getLast().content().toArray());
        }
        return tx.metadata().find(NAME, RoleNames.file(role));
    }

    /** A file by the name clients fetch it by. */
    public Optional<byte[]> file(Transaction tx, String name) {
        return tx.metadata().find(NAME, name);
    }

    /**
     * What a vehicle that holds this root needs to verify targets of these roles.
     *
     * @throws MetadataUnavailableException when nothing has been published yet
     */
    List<RoleFile> filesFor(Transaction tx, long heldRoot, List<String> vendorRoles) {
        Set<String> roles = new HashSet<>(vendorRoles);
        roles.addAll(Set.of(RoleNames.ROOT, RoleNames.TIMESTAMP, RoleNames.SNAPSHOT, RoleNames.TARGETS));
        Set<String> suffixes = new HashSet<>();
        roles.forEach(role -> suffixes.add(RoleNames.file(role)));
        return in(tx).filesAfterRoot(heldRoot).stream()
                .filter(file -> suffixes.contains(withoutVersion(file.name())))
                .toList();
    }

    private static String withoutVersion(String name) {
        int dot = name.indexOf('.');
        return name.substring(0, dot).chars().allMatch(Character::isDigit) ? name.substring(dot + 1) : name;
    }
}
