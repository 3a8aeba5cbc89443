package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;

/**
 * A signed metadata file under the name clients fetch it by.
 *
 * @param name such as {@code 3.targets.json}
 * @param content the whole file
 */
public record RoleFile(String name, Bytes content) {
    /** A file of these bytes. */
    public static RoleFile of(String name, byte[] content) {
        return new RoleFile(name, Bytes.copyOf(content));
    }
}
