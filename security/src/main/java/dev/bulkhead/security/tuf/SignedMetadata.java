package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import java.util.List;

/**
 * One metadata file, decoded but not yet believed.
 *
 * @param signed what it says
 * @param signedBytes canonical bytes the signatures are over
 * @param signatures each key id at most once
 */
public record SignedMetadata<T extends RoleMetadata>(T signed, Bytes signedBytes, List<Signature> signatures) {
    public SignedMetadata {
        signatures = List.copyOf(signatures);
    }

    /** A signature and the key it claims. */
    public record Signature(String keyId, Bytes value) {}
}
