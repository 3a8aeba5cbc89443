package dev.bulkhead.security.keys;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The keys of the two metadata repositories as they lie in a {@link KeyDirectory}. Roles that must hold for a vehicle's
 * whole life are hybrid: an Ed25519 and an ML-DSA-65 key, and both have to sign. The online ones are cheap to replace.
 */
public enum RepositoryKey {
    /** Root role of the image repository; offline. */
    IMAGE_ROOT("image", "root", KeyScheme.ED25519, false),
    /** Root role of the image repository, the key for the years after; offline. */
    IMAGE_ROOT_ML_DSA("image", "root", KeyScheme.ML_DSA_65, false),
    /** Targets role of the image repository, which delegates to vendors; offline. */
    IMAGE_TARGETS("image", "targets", KeyScheme.ED25519, false),
    /** Targets role of the image repository, the key for the years after; offline. */
    IMAGE_TARGETS_ML_DSA("image", "targets", KeyScheme.ML_DSA_65, false),
    /** Snapshot role of the image repository. */
    IMAGE_SNAPSHOT("image", "snapshot", KeyScheme.ED25519, true),
    /** Timestamp role of the image repository. */
    IMAGE_TIMESTAMP("image", "timestamp", KeyScheme.ED25519, true),
    /** Root role of the director; offline. */
    DIRECTOR_ROOT("director", "root", KeyScheme.ED25519, false),
    /** Root role of the director, the key for the years after; offline. */
    DIRECTOR_ROOT_ML_DSA("director", "root", KeyScheme.ML_DSA_65, false),
    /** Targets role of the director, signed for each vehicle. */
    DIRECTOR_TARGETS("director", "targets", KeyScheme.ED25519, true),
    /** Snapshot role of the director. */
    DIRECTOR_SNAPSHOT("director", "snapshot", KeyScheme.ED25519, true),
    /** Timestamp role of the director. */
    DIRECTOR_TIMESTAMP("director", "timestamp", KeyScheme.ED25519, true);

    private final String repository;
    private final String role;
    private final KeyScheme scheme;
    private final boolean online;

    RepositoryKey(String repository, String role, KeyScheme scheme, boolean online) {
        this.repository = repository;
        this.role = role;
        this.scheme = scheme;
        this.online = online;
    }

    /** {@code image} or {@code director}. */
    public String repository() {
        return repository;
    }

    /** The metadata role it signs: {@code root}, {@code targets}, {@code snapshot} or {@code timestamp}. */
    public String role() {
        return role;
    }

    /** What kind of key it is. */
    public KeyScheme scheme() {
        return scheme;
    }

    /** Whether the server holds it unencrypted. */
    public boolean online() {
        return online;
    }

    /** The name people use for it, such as {@code image-root} or {@code image-root-ml-dsa}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Path within the key directory. */
    public String path() {
        return (online ? "online/" : "tuf/") + word() + ".key";
    }

    /** All keys of a role of a repository, in order. */
    public static List<RepositoryKey> of(String repository, String role) {
        return Arrays.stream(values())
                .filter(key -> key.repository.equals(repository) && key.role.equals(role))
                .toList();
    }
}
