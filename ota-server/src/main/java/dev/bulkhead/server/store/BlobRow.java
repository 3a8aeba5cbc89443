package dev.bulkhead.server.store;

/**
 * What is known of a stored file.
 *
 * @param sha256 its name, lower-case hex
 * @param length in bytes
 * @param blockSize bytes in a block
 * @param leafHashes the RFC 6962 leaf hash of each block, 32 bytes each, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // a row, never compared
public record BlobRow(String sha256, long length, int blockSize, byte[] leafHashes) {}
