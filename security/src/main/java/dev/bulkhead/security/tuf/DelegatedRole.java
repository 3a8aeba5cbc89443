package dev.bulkhead.security.tuf;

/**
 * One delegation.
 *
 * @param name of the role; not that of a top-level role
 * @param keys who may sign it
 * @param terminating when a path matches, later roles are not asked even if this one does not know the target
 * @param paths which target paths it is trusted with
 */
public record DelegatedRole(String name, RoleKeys keys, boolean terminating, PathSet paths) {
    public DelegatedRole {
        if (name.isEmpty() || RoleNames.isTopLevel(name)) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be delegated to");
        }
    }
}
