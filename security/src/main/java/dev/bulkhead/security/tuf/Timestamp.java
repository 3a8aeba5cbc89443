package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.Instant;

/** Timestamp metadata: which snapshot is newest. */
public record Timestamp(long version, Instant expires, FileMeta snapshot) implements RoleMetadata {
    @Override
    public String type() {
        return RoleNames.TIMESTAMP;
    }

    @Override
    public Json.Obj toJson() {
        return MetadataWriter.timestamp(this);
    }
}
