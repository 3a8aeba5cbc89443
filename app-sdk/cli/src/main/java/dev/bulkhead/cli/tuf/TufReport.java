package dev.bulkhead.cli.tuf;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.bulkhead.security.tuf.RoleMetadata;
import dev.bulkhead.security.tuf.TrustedMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is believed after a command.
 *
 * @param roles version and end of each top-level role, in the order they were checked
 * @param targets downloaded, or there already; left out when none was asked for
 */
record TufReport(
        Map<String, Role> roles,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Target> targets) {
    /** A role's metadata. */
    record Role(long version, String expires) {
        static Role of(RoleMetadata metadata) {
            return new Role(metadata.version(), metadata.expires().toString());
        }
    }

    /** A target whose bytes lie in a file. */
    record Target(String name, String file, long lengthBytes) {}

    static TufReport of(TrustedMetadata trusted) {
        Map<String, Role> roles = new LinkedHashMap<>();
        roles.put("root", Role.of(trusted.root()));
        trusted.timestamp().ifPresent(role -> roles.put("timestamp", Role.of(role)));
        trusted.snapshot().ifPresent(role -> roles.put("snapshot", Role.of(role)));
        trusted.targets().ifPresent(role -> roles.put("targets", Role.of(role)));
        return new TufReport(roles, List.of());
    }

    TufReport with(List<Target> downloaded) {
        return new TufReport(roles, downloaded);
    }
}
