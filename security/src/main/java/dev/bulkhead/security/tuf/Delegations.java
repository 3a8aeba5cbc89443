package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.VerificationKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Roles a targets role trusts with part of its paths, in order of trust.
 *
 * @param keys by key id, those of a known scheme
 * @param roles first matching comes first
 */
public record Delegations(Map<String, VerificationKey> keys, List<DelegatedRole> roles) {
    public Delegations {
        keys = Map.copyOf(keys);
        roles = List.copyOf(roles);
        Set<String> names = new HashSet<>();
        for (DelegatedRole role : roles) {
            if (!names.add(role.name())) {
                throw new IllegalArgumentException("role " + role.name() + " delegated to twice");
            }
        }
    }
}
