package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Snapshot metadata: which versions of all targets roles belong together.
 *
 * @param meta by file name without version, such as {@code targets.json}; role names unencoded
 */
public record Snapshot(long version, Instant expires, Map<String, FileMeta> meta) implements RoleMetadata {
    public Snapshot {
        meta = Collections.unmodifiableMap(new TreeMap<>(meta));
    }

    /** What is announced about a role. */
    public Optional<FileMeta> find(String role) {
        return Optional.ofNullable(meta.get(role + ".json"));
    }

    @Override
    public String type() {
        return RoleNames.SNAPSHOT;
    }

    @Override
    public Json.Obj toJson() {
        return MetadataWriter.snapshot(this);
    }
}
