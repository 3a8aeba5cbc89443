package dev.bulkhead.security.tuf;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Holds writes back until the whole set is believed, so that genuine metadata of another vehicle cannot push this
 * vehicle's own aside. Roots go through at once: each was signed by the one before it.
 */
final class StagedStore implements MetadataStore {
    private static final String ROOT = RoleNames.file(RoleNames.ROOT);

    private final MetadataStore under;
    private final LinkedHashMap<String, byte[]> staged = new LinkedHashMap<>();

    StagedStore(MetadataStore under) {
        this.under = under;
    }

    @Override
    public Optional<byte[]> load(String fileName) {
        byte[] held = staged.get(fileName);
        return held == null ? under.load(fileName) : Optional.of(held.clone());
    }

    @Override
    public void save(String fileName, byte[] content) {
        if (fileName.equals(ROOT)) {
            under.save(fileName, content);
        } else {
            staged.put(fileName, content.clone());
        }
    }

    @Override
    public void delete(String fileName) {
        staged.remove(fileName);
        under.delete(fileName);
    }

    /** Timestamp last: with it in place, the others it leads to are there too. */
    void commit() {
        staged.reversed().forEach(under::save);
        staged.clear();
    }
}
