package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Targets metadata, of the top-level role or of a delegated one.
 *
 * @param targets by target path
 * @param delegations whom this role trusts with part of its paths
 * @param custom what the signer adds about the whole file, such as the vehicle it is for
 */
public record Targets(
        long version,
        Instant expires,
        Map<String, TargetFile> targets,
        Optional<Delegations> delegations,
        Optional<Json.Obj> custom)
        implements RoleMetadata {
    public Targets {
        targets = Collections.unmodifiableMap(new TreeMap<>(targets));
    }

    @Override
    public String type() {
        return RoleNames.TARGETS;
    }

    @Override
    public Json.Obj toJson() {
        return MetadataWriter.targets(this);
    }
}
