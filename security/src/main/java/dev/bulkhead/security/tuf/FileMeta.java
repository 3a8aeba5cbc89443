package dev.bulkhead.security.tuf;

import java.util.OptionalLong;

/**
 * What timestamp and snapshot announce about a metadata file.
 *
 * @param version at least 1
 * @param length in bytes, when announced
 * @param hashes when announced, else empty
 */
public record FileMeta(long version, OptionalLong length, Hashes hashes) {
    public FileMeta {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + ", wants at least 1");
        }
        if (length.isPresent() && length.getAsLong() < 1) {
            throw new IllegalArgumentException("length " + length.getAsLong() + ", wants at least 1");
        }
    }

    /** The announcement of these bytes. */
    public static FileMeta of(long version, byte[] content) {
        return new FileMeta(version, OptionalLong.of(content.length), Hashes.sha256(content));
    }
}
