package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.util.Optional;

/**
 * What is signed about one target.
 *
 * @param path within the repository
 * @param length in bytes
 * @param hashes at least one
 * @param custom the repository's own words about it
 */
public record TargetFile(String path, long length, Hashes hashes, Optional<Json.Obj> custom) {
    public TargetFile {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " of " + path);
        }
        if (hashes.byAlgorithm().isEmpty()) {
            throw new IllegalArgumentException("no hashes of " + path);
        }
    }

    /**
     * Checks the target's bytes.
     *
     * @throws MetadataRefusedException when length or any hash differs
     */
    public void check(byte[] content) {
        if (content.length != length) {
            throw new MetadataRefusedException(path, Refusal.WRONG_TARGET, content.length + " bytes, signed " + length);
        }
        hashes.differsFrom(content).ifPresent(how -> {
            throw new MetadataRefusedException(path, Refusal.WRONG_TARGET, how);
        });
    }
}
