package dev.bulkhead.server.store;

/**
 * One release of one app.
 *
 * @param counter the release counter of the manifest; rises with each release of the app
 * @param targetPath its path in the image repository
 * @param sha256 of the package file, lower-case hex; also the blob's name
 * @param length of the package file in bytes
 * @param blockSize bytes in a block of the transfer
 * @param blocksRoot Merkle root over the blocks, lower-case hex
 * @param packageDigest digest of the package's OCI manifest
 * @param published false until the vendor's signed targets metadata names it
 * @param receivedAt Unix time in ms
 */
public record ReleaseRow(
        String appId,
        String version,
        long counter,
        String vendor,
        String targetPath,
        String sha256,
        long length,
        int blockSize,
        String blocksRoot,
        String hardwareId,
        String packageDigest,
        boolean published,
        long receivedAt) {}
