package dev.bulkhead.agent.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Where packages survive power loss, found by their digest. Thread-safe. */
public interface ReleaseStore {
    /**
     * Stores a package file: bytes first, then the row that names them, both durable. Idempotent.
     *
     * @throws StorageRefusal when the bytes are not those of the digest, or the disk has no room
     */
    void store(StoredRelease release, Path content);

    Optional<StoredRelease> find(String packageDigest);

    /** The bytes of a stored package, checked against the digest. */
    Optional<byte[]> content(String packageDigest);

    List<StoredRelease> all();

    /** Drops the row, then the bytes. Idempotent. */
    void drop(String packageDigest);

    /** The highest release of the app that was ever proven on this vehicle; lower ones are refused for good. */
    OptionalLong floor(String appId);

    /** The bytes cannot be kept. */
    final class StorageRefusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public StorageRefusal(String message) {
            super(message);
        }
    }
}
