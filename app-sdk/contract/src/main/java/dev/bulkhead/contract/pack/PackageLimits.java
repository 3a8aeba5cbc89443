package dev.bulkhead.contract.pack;

/**
 * How much a reader takes, in bytes.
 *
 * @param packageBytes the whole file
 * @param moduleBytes the module; 16 MiB by sandbox.md
 */
public record PackageLimits(
        int packageBytes, int moduleBytes, int manifestBytes, int assetsBytes, int sbomBytes, int signatureBytes) {
    /** Entries of the tar file at most. */
    static final int MOST_ENTRIES = 64;
    /** Size of the provenance at most. */
    static final int PROVENANCE_BYTES = 1 << 20;
    /** Size of each JSON document at most. */
    static final int JSON_BYTES = 65_536;

    /** The limits of version 1: 512 MiB in all, 16 MiB of module, 64 KiB of manifest, 448 MiB of assets. */
    public static final PackageLimits STANDARD =
            new PackageLimits(512 << 20, 16 << 20, 64 << 10, 448 << 20, 8 << 20, 128 << 10);
}
