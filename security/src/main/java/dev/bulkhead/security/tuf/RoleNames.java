package dev.bulkhead.security.tuf;

import java.nio.charset.StandardCharsets;

/** Names of roles and of their files. */
public final class RoleNames {
    /** The role that names all keys. */
    public static final String ROOT = "root";

    /** The role that says what is newest. */
    public static final String TIMESTAMP = "timestamp";

    /** The role that says which versions belong together. */
    public static final String SNAPSHOT = "snapshot";

    /** The role that names targets, or delegates to roles that do. */
    public static final String TARGETS = "targets";

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private RoleNames() {}

    /** {@code <role>.json}, with everything but unreserved characters percent-encoded. */
    public static String file(String role) {
        return encode(role) + ".json";
    }

    /** {@code <version>.<role>.json}, as consistent snapshots name files. */
    public static String file(long version, String role) {
        return version + "." + file(role);
    }

    static boolean isTopLevel(String role) {
        return role.equals(ROOT) || role.equals(TIMESTAMP) || role.equals(SNAPSHOT) || role.equals(TARGETS);
    }

    private static String encode(String role) {
        StringBuilder out = new StringBuilder();
        for (byte b : role.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        return out.toString();
    }
}
