package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.Instant;

/** The signed part of a metadata file (TUF 1.0 section 4). Immutable. */
public sealed interface RoleMetadata permits Root, Timestamp, Snapshot, Targets {
    /** What newly written metadata says it follows. */
    String SPEC_VERSION = "1.0.31";

    /** The {@code _type}. */
    String type();

    /** At least 1. */
    long version();

    /** From this moment on it no longer counts. */
    Instant expires();

    /** The JSON that gets signed. */
    Json.Obj toJson();

    /** Whether it no longer counts at this time. */
    default boolean isExpired(Instant now) {
        return !now.isBefore(expires());
    }
}
