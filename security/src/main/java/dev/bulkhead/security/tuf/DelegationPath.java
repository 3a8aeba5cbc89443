package dev.bulkhead.security.tuf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How trust came to a targets role: from the top-level role through each delegator. The same role reached by another
 * path is another question, with other keys.
 *
 * @param roles from {@code targets} to the role itself
 */
public record DelegationPath(List<String> roles) {
    /** The top-level role, which root vouches for. */
    public static final DelegationPath TOP = new DelegationPath(List.of(RoleNames.TARGETS));

    public DelegationPath {
        roles = List.copyOf(roles);
        if (roles.isEmpty() || !roles.getFirst().equals(RoleNames.TARGETS)) {
            throw new IllegalArgumentException("trust in targets starts at the top-level role");
        }
    }

    /** The path one delegation further. */
    public DelegationPath to(String role) {
        List<String> longer = new ArrayList<>(roles);
        longer.add(role);
        return new DelegationPath(longer);
    }

    /** The role at its end. */
    public String role() {
        return roles.getLast();
    }

    /** The path to the delegator; empty for the top-level role. */
    public Optional<DelegationPath> delegator() {
        return roles.size() == 1
                ? Optional.empty()
                : Optional.of(new DelegationPath(roles.subList(0, roles.size() - 1)));
    }
}
