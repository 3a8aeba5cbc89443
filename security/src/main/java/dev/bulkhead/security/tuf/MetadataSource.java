package dev.bulkhead.security.tuf;

import java.util.Optional;

/** Where metadata files come from: a bundle, a web server, a folder. Nothing it returns is believed. */
@FunctionalInterface
public interface MetadataSource {
    /**
     * One file.
     *
     * @param name such as {@code timestamp.json} or {@code 7.vendor%2Facme.json}; role names are percent-encoded
     * @param maxBytes stop reading after one byte more than this; the caller refuses what is longer
     * @return the file, or empty when the source answers that there is none
     * @throws MetadataUnavailableException when the source cannot be reached
     */
    Optional<byte[]> fetch(String name, int maxBytes);
}
