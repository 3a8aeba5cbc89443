package dev.bulkhead.server.repository;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.contract.proto.BlockRefusal;
import dev.bulkhead.contract.proto.BlockReply;
import dev.bulkhead.contract.proto.BlockRequest;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.server.store.BlobRow;
import dev.bulkhead.server.store.BlobStore;
import dev.bulkhead.server.store.Database;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers requests for blocks (ota.md, Transport). A request is answered by itself, so that any replica can answer the next
 * one, and costs at most one window. A vehicle gets the files it should run and no others. Thread-safe.
 */
public final class BlockServer {
    /** Most blocks in one request. */
    public static final int MOST_BLOCKS = 64;

    private static final int SHA256_BYTES = 32;

    private final Database database;
    private final BlobStore blobs;

    public BlockServer(Database database, BlobStore blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    /** Gives each block asked for, or one refusal, to the taker, in order. */
    public void answer(String vehicleId, BlockRequest request, Consumer<BlockReply> taker) {
        if (request.getSha256().size() != SHA256_BYTES) {
            taker.accept(refusal(request, "unknown-file", "a file is named by 32 bytes of SHA-256"));
            return;
        }
        String sha256 = HexFormat.of().formatHex(request.getSha256().toByteArray());
        Optional<BlobRow> blob = database.read(tx -> tx.releases().blob(sha256));
        boolean desired = database.read(tx -> tx.assignments().desires(vehicleId, sha256));
        Optional<BlockReply> refused = objection(request, blob, desired);
        if (refused.isPresent() || blob.isEmpty()) {
            refused.ifPresent(taker);
            return;
        }
        BlockTree tree = BlockTree.ofLeafHashes(blob.get().leafHashes());
        for (int i = 0; i < request.getCount(); i++) {
            if (isWanted(request.getBitmap(), i)) {
                taker.accept(block(request, blob.get(), tree, request.getFirst() + i));
            }
        }
    }

    private static Optional<BlockReply> objection(BlockRequest request, Optional<BlobRow> blob, boolean desired) {
        if (blob.isEmpty()) {
            return Optional.of(refusal(request, "unknown-file", "no such file has been published"));
        }
        if (!desired) {
            return Optional.of(refusal(request, "not-assigned", "this vehicle is not assigned this file"));
        }
        BlobRow file = blob.get();
        if (request.getBlockSize() != file.blockSize()) {
            return Optional.of(
                    refusal(request, "block-size", "blocks of this file have " + file.blockSize() + " bytes"));
        }
        long blocks = (file.length() + file.blockSize() - 1) / file.blockSize();
        long first = Integer.toUnsignedLong(request.getFirst());
        long count = Integer.toUnsignedLong(request.getCount());
        boolean bitmapTooLong = request.getBitmap().size() > (MOST_BLOCKS + 7) / 8;
        if (count < 1 || count > MOST_BLOCKS || bitmapTooLong || first + count > blocks) {
            return Optional.of(refusal(
                    request,
                    "range",
                    "asked for " + count + " blocks from " + first + "; the file has " + blocks + ", a request at most "
                            + MOST_BLOCKS));
        }
        return Optional.empty();
    }

    private static boolean isWanted(ByteString bitmap, int i) {
        if (bitmap.isEmpty()) {
            return true;
        }
        int octet = i / 8;
        return octet < bitmap.size() && (bitmap.byteAt(octet) >> (i % 8) & 1) == 1;
    }

    private BlockReply block(BlockRequest request, BlobRow file, BlockTree tree, int index) {
        long offset = (long) index * file.blockSize();
        int length = (int) Math.min(file.blockSize(), file.length() - offset);
        ByteArrayOutputStream proof = new ByteArrayOutputStream();
        for (Hash hash : tree.proof(index)) {
            proof.writeBytes(hash.bytes());
        }
        return BlockReply.newBuilder()
                .setBlock(Block.newBuilder()
                        .setSha256(request.getSha256())
                        .setIndex(index)
                        .setData(ByteString.copyFrom(blobs.read(file.sha256(), offset, length)))
                        .setProof(ByteString.copyFrom(proof.toByteArray())))
                .build();
    }

    private static BlockReply refusal(BlockRequest request, String reason, String detail) {
        ByteString name = request.getSha256().size() <= SHA256_BYTES ? request.getSha256() : ByteString.EMPTY;
        return BlockReply.newBuilder()
                .setRefusal(BlockRefusal.newBuilder()
                        .setSha256(name)
                        .setReason(reason)
                        .setDetail(detail))
                .build();
    }
}
