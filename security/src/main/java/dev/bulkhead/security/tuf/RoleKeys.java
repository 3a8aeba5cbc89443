package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.KeyScheme;
import java.util.List;
import java.util.Set;

/**
 * Who may sign a role.
 *
 * @param keyIds distinct
 * @param threshold how many different keys must have signed, at least 1
 * @param requiredSchemes each of these must be among the valid signatures; a threshold alone cannot say "one of each"
 */
public record RoleKeys(List<String> keyIds, int threshold, Set<KeyScheme> requiredSchemes) {
    /** Member of the role object that names required schemes; an extension other clients skip. */
    static final String REQUIRED_SCHEMES = "x-bulkhead-required-schemes";

    public RoleKeys {
        keyIds = List.copyOf(keyIds);
        requiredSchemes = Set.copyOf(requiredSchemes);
        if (threshold < 1) {
            throw new IllegalArgumentException("threshold " + threshold + ", wants at least 1");
        }
        if (Set.copyOf(keyIds).size() != keyIds.size()) {
            throw new IllegalArgumentException("the same key id twice in one role");
        }
    }

    /** Keys without a required scheme. */
    public RoleKeys(List<String> keyIds, int threshold) {
        this(keyIds, threshold, Set.of());
    }
}
