package dev.bulkhead.server.repository;

import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.Signer;
import java.util.Optional;

/** The keys the server signs with; those of root, image targets and vendors never come here. */
public record OnlineKeys(
        Signer imageSnapshot,
        Signer imageTimestamp,
        Signer directorTargets,
        Signer directorSnapshot,
        Signer directorTimestamp) {
    /** The online keys of a folder made by {@code bulkhead keys init}. */
    public static OnlineKeys read(KeyDirectory keys) {
        return new OnlineKeys(
                keys.repositoryKey(RepositoryKey.IMAGE_SNAPSHOT, Optional.empty()),
                keys.repositoryKey(RepositoryKey.IMAGE_TIMESTAMP, Optional.empty()),
                keys.repositoryKey(RepositoryKey.DIRECTOR_TARGETS, Optional.empty()),
                keys.repositoryKey(RepositoryKey.DIRECTOR_SNAPSHOT, Optional.empty()),
                keys.repositoryKey(RepositoryKey.DIRECTOR_TIMESTAMP, Optional.empty()));
    }
}
