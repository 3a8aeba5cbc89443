package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.security.policy.AppIdentity;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Packages read lately, for as long as the heap has room for them: an app that restarts is not read, verified and parsed again. What lies under a
 * digest never changes, so nothing here grows old; what is read from the store is held against its digest. Beside a package stand the rights of
 * its release, which follow the policy by themselves. Thread-safe.
 */
public final class ReleaseShelf {
    /** Two editions of each of 32 apps. */
    private static final int MOST = 64;

    private final ReleaseStore store;
    private final AssetUnpacking unpacking;
    private final Map<String, SoftReference<ReleaseContent>> read = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Holder, ReleaseRights> rights = new LinkedHashMap<>(16, 0.75f, true);

    private record Holder(String packageDigest, AppIdentity app) {}

    public ReleaseShelf(ReleaseStore store) {
        this(store, AssetArchive::unpack);
    }

    public ReleaseShelf(ReleaseStore store, AssetUnpacking unpacking) {
        this.store = store;
        this.unpacking = unpacking;
    }

    /**
     * What a stored package contains; empty when it is not stored.
     *
     * @throws dev.bulkhead.contract.ContractException naming what is wrong with package or manifest
     */
    Optional<ReleaseContent> content(String packageDigest) {
        Optional<ReleaseContent> known = known(packageDigest);
        if (known.isPresent()) {
            return known;
        }
        Optional<ReleaseContent> content =
                store.content(packageDigest).map(bytes -> ReleaseContent.of(bytes, unpacking));
        content.ifPresent(found -> keep(packageDigest, found));
        return content;
    }

    /** The rights of a release as they were found at its last start. */
    synchronized ReleaseRights rights(String packageDigest, AppIdentity app, Supplier<ReleaseRights> first) {
        ReleaseRights found = rights.computeIfAbsent(new Holder(packageDigest, app), holder -> first.get());
        bound(rights);
        return found;
    }

    private static void bound(Map<?, ?> kept) {
        if (kept.size() > MOST) {
            kept.remove(kept.keySet().iterator().next());
        }
    }

    private synchronized Optional<ReleaseContent> known(String packageDigest) {
        SoftReference<ReleaseContent> kept = read.get(packageDigest);
        return kept == null ? Optional.empty() : Optional.ofNullable(kept.get());
    }

    private synchronized void keep(String packageDigest, ReleaseContent content) {
        read.put(packageDigest, new SoftReference<>(content));
        bound(read);
    }
}
