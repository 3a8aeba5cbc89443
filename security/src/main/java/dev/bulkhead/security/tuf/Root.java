package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.VerificationKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Root metadata: every key of the repository and who may sign what.
 *
 * @param consistentSnapshot whether file names carry versions and hashes
 * @param keys by key id, those of a known scheme
 * @param roles the four top-level roles
 * @param oem which OEM certificates count; empty = those a vehicle was made with
 */
public record Root(
        long version,
        Instant expires,
        boolean consistentSnapshot,
        Map<String, VerificationKey> keys,
        Map<String, RoleKeys> roles,
        Optional<OemTrust> oem)
        implements RoleMetadata {
    /** A root that leaves vehicles with the OEM certificate they were made with. */
    public Root(
            long version,
            Instant expires,
            boolean consistentSnapshot,
            Map<String, VerificationKey> keys,
            Map<String, RoleKeys> roles) {
        this(version, expires, consistentSnapshot, keys, roles, Optional.empty());
    }

    public Root {
        keys = Map.copyOf(keys);
        roles = Map.copyOf(roles);
        for (String role : new String[] {RoleNames.ROOT, RoleNames.TIMESTAMP, RoleNames.SNAPSHOT, RoleNames.TARGETS}) {
            if (!roles.containsKey(role)) {
                throw new IllegalArgumentException("root names no keys for " + role);
            }
        }
    }

    /** Who may sign a top-level role. */
    RoleKeys role(String name) {
        RoleKeys keys = roles.get(name);
        if (keys == null) {
            throw new IllegalArgumentException("root names no keys for " + name);
        }
        return keys;
    }

    @Override
    public String type() {
        return RoleNames.ROOT;
    }

    @Override
    public Json.Obj toJson() {
        return MetadataWriter.root(this);
    }
}
