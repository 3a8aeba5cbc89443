package dev.bulkhead.security.tuf;

import java.util.Optional;

/** Where a client keeps the newest metadata it believes. A save is durable and whole, or did not happen. */
public interface MetadataStore {
    /**
     * The file of a role.
     *
     * @param fileName without version, such as {@code root.json}; role names are percent-encoded
     * @throws MetadataUnavailableException when the store cannot be read
     */
    Optional<byte[]> load(String fileName);

    /** Replaces the file of a role. */
    void save(String fileName, byte[] content);

    /** Forgets the file of a role, if there is one. */
    void delete(String fileName);
}
