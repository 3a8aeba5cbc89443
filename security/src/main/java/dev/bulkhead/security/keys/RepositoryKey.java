package dev.bulkhead.security.keys;

import java.util.Locale;

/** The keys of the two metadata repositories as they lie in a {@link KeyDirectory}. */
public enum RepositoryKey {
    /** Root role of the image repository; offline. */
    IMAGE_ROOT("tuf/image-root.key", false),
    /** Targets role of the image repository, which delegates to vendors; offline. */
    IMAGE_TARGETS("tuf/image-targets.key", false),
    /** Snapshot role of the image repository. */
    IMAGE_SNAPSHOT("online/image-snapshot.key", true),
    /** Timestamp role of the image repository. */
    IMAGE_TIMESTAMP("online/image-timestamp.key", true),
    /** Root role of the director; offline. */
    DIRECTOR_ROOT("tuf/director-root.key", false),
    /** Targets role of the director, signed for each vehicle. */
    DIRECTOR_TARGETS("online/director-targets.key", true),
    /** Snapshot role of the director. */
    DIRECTOR_SNAPSHOT("online/director-snapshot.key", true),
    /** Timestamp role of the director. */
    DIRECTOR_TIMESTAMP("online/director-timestamp.key", true);

    private final String path;
    private final boolean online;

    RepositoryKey(String path, boolean online) {
        this.path = path;
        this.online = online;
    }

    /** The metadata role it signs: {@code root}, {@code targets}, {@code snapshot} or {@code timestamp}. */
    public String role() {
        String name = name().toLowerCase(Locale.ROOT);
        return name.substring(name.indexOf('_') + 1);
    }

    /** Whether it is a key of the image repository; otherwise it is the director's. */
    public boolean image() {
        return name().startsWith("IMAGE_");
    }

    /** The key that signs the root naming this one. */
    public RepositoryKey rootKey() {
        return image() ? IMAGE_ROOT : DIRECTOR_ROOT;
    }

    /** Path within the key directory. */
    public String path() {
        return path;
    }

    /** Whether the server holds it unencrypted. */
    public boolean online() {
        return online;
    }
}
