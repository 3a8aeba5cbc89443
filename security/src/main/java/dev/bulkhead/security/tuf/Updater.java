package dev.bulkhead.security.tuf;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The client workflow of TUF 1.0 section 5 over a source and a store: fetches what {@link TrustedMetadata} asks for, in
 * its order, and keeps what it believes. One object serves one refresh and the searches after it. Not safe for several
 * threads.
 */
public final class Updater {
    private final MetadataSource source;
    private final MetadataStore store;
    private final MetadataLimits limits;
    private final TrustedMetadata trusted;

    /**
     * Starts from the root in the store.
     *
     * @throws MetadataRefusedException when the stored root is not signed by itself
     * @throws MetadataUnavailableException when the store holds no root
     */
    public Updater(MetadataSource source, MetadataStore store, InstantSource time, MetadataLimits limits) {
        this.source = source;
        this.store = store;
        this.limits = limits;
        String file = RoleNames.file(RoleNames.ROOT);
        byte[] root = store.load(file)
                .orElseThrow(() -> new MetadataUnavailableException(file, "no trusted root; initialise first", null));
        this.trusted = new TrustedMetadata(root, time.instant());
    }

    /** What is believed so far. */
    public TrustedMetadata trusted() {
        return trusted;
    }

    /** Brings all top-level metadata up to date. */
    public void refresh() {
        refreshRoot();
        refreshTimestamp();
        refreshSnapshot();
        load(DelegationPath.TOP);
    }

    /**
     * Searches the delegations in pre-order for who may speak for a target path, and what they say (5.6.7).
     *
     * @return empty when nobody trusted with the path knows it
     */
    public Optional<TargetFile> find(String targetPath) {
        Deque<DelegationPath> open = new ArrayDeque<>(List.of(DelegationPath.TOP));
        Set<String> visited = new HashSet<>();
        while (!open.isEmpty() && visited.size() <= limits.delegations()) {
            DelegationPath path = open.pop();
            if (!visited.add(path.role())) {
                continue;
            }
            Targets targets = load(path);
            TargetFile target = targets.targets().get(targetPath);
            if (target != null) {
                return Optional.of(target);
            }
            targets.delegations().ifPresent(delegations -> push(open, path, delegations, targetPath));
        }
        return Optional.empty();
    }

    private static void push(
            Deque<DelegationPath> open, DelegationPath delegator, Delegations delegations, String targetPath) {
        List<DelegationPath> children = new ArrayList<>();
        for (DelegatedRole role : delegations.roles()) {
            if (role.paths().covers(targetPath)) {
                children.add(delegator.to(role.name()));
                if (role.terminating()) {
                    open.clear();
                    break;
                }
            }
        }
        children.reversed().forEach(open::push);
    }

    private void refreshRoot() {
        for (int i = 0; i < limits.rootRotations(); i++) {
            String next = RoleNames.file(trusted.root().version() + 1, RoleNames.ROOT);
            Optional<byte[]> content = source.fetch(next, limits.rootBytes());
            if (content.isEmpty()) {
                return;
            }
            trusted.updateRoot(within(next, content.get(), limits.rootBytes()));
            store.save(RoleNames.file(RoleNames.ROOT), content.get());
        }
    }

    private void refreshTimestamp() {
        String file = RoleNames.file(RoleNames.TIMESTAMP);
        store.load(file).ifPresent(this::tryStoredTimestamp);
        byte[] content = fetch(file, limits.timestampBytes());
        if (trusted.updateTimestamp(content)) {
            store.save(file, content);
        }
    }

    /** A stored timestamp that no longer counts, by age or by its keys, is no reason not to take a newer one. */
    private void tryStoredTimestamp(byte[] content) {
        try {
            trusted.updateTimestamp(content);
        } catch (MetadataRefusedException e) {
            // the one from the source is checked all the same, and against this one where this one was believed
        }
    }

    private void refreshSnapshot() {
        String file = RoleNames.file(RoleNames.SNAPSHOT);
        if (store.load(file).filter(this::isStoredSnapshotCurrent).isPresent()) {
            return;
        }
        FileMeta announced = trusted.requireTimestamp().snapshot();
        byte[] content = fetch(RoleNames.SNAPSHOT, announced, limits.snapshotBytes());
        trusted.updateSnapshot(content, false);
        store.save(file, content);
    }

    private boolean isStoredSnapshotCurrent(byte[] content) {
        try {
            trusted.updateSnapshot(content, true);
            return true;
        } catch (MetadataRefusedException e) {
            return false;
        }
    }

    private Targets load(DelegationPath path) {
        Optional<Targets> believed = trusted.targets(path);
        if (believed.isPresent()) {
            return believed.get();
        }
        FileMeta announced = trusted.announced(path.role());
        String file = RoleNames.file(path.role());
        Optional<Targets> stored = store.load(file).flatMap(content -> tryStoredTargets(content, path));
        if (stored.isPresent()) {
            return stored.get();
        }
        byte[] content = fetch(path.role(), announced, limits.targetsBytes());
        Targets targets = trusted.updateTargets(content, path);
        store.save(file, content);
        return targets;
    }

    private Optional<Targets> tryStoredTargets(byte[] content, DelegationPath path) {
        try {
            return Optional.of(trusted.updateTargets(content, path));
        } catch (MetadataRefusedException e) {
            return Optional.empty();
        }
    }

    private byte[] fetch(String role, FileMeta announced, int limit) {
        String file =
                trusted.root().consistentSnapshot() ? RoleNames.file(announced.version(), role) : RoleNames.file(role);
        return fetch(file, (int) Math.min(limit, announced.length().orElse(limit)));
    }

    private byte[] fetch(String file, int maxBytes) {
        byte[] content = source.fetch(file, maxBytes)
                .orElseThrow(() -> new MetadataRefusedException(
                        file, Refusal.INCOMPLETE, "announced or required, but the source has none"));
        return within(file, content, maxBytes);
    }

    private static byte[] within(String file, byte[] content, int maxBytes) {
        if (content.length > maxBytes) {
            throw new MetadataRefusedException(file, Refusal.ENDLESS_DATA, "more than " + maxBytes + " bytes");
        }
        return content;
    }
}
