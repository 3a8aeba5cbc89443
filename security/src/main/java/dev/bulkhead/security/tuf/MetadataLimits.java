package dev.bulkhead.security.tuf;

/**
 * Bounds of one client. Byte caps allow for ML-DSA-65 signatures (6.6 kB in hex) beside Ed25519 ones.
 *
 * @param rootBytes longest root file
 * @param timestampBytes longest timestamp file
 * @param snapshotBytes longest snapshot file whose length is not announced
 * @param targetsBytes longest targets file whose length is not announced
 * @param rootRotations most new roots taken in one refresh
 * @param delegations most delegated roles visited in one search
 */
public record MetadataLimits(
        int rootBytes, int timestampBytes, int snapshotBytes, int targetsBytes, int rootRotations, int delegations) {
    /** What vehicles use. */
    public static final MetadataLimits USUAL = new MetadataLimits(512_000, 32_768, 2_000_000, 5_000_000, 256, 32);

    public MetadataLimits {
        if (rootBytes < 1 || timestampBytes < 1 || snapshotBytes < 1 || targetsBytes < 1) {
            throw new IllegalArgumentException("byte limits must be positive");
        }
        if (rootRotations < 1 || delegations < 1) {
            throw new IllegalArgumentException("at least one root rotation and one delegation must be allowed");
        }
    }
}
