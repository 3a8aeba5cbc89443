package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** A package file as the fleet holds it: cut into blocks, with proofs made the slow and obvious way of RFC 6962. */
final class SampleFile {
    static final int BLOCK_SIZE = 1024;

    private final TreeHasher hasher = new TreeHasher();
    final byte[] bytes;
    final BlockLayout layout;

    SampleFile(int length, long seed) {
        bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        layout = new BlockLayout(length, BLOCK_SIZE);
    }

    String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    Assignment assigned(String id, String appId, long release) {
        return new Assignment(
                id,
                new ReleaseRef(appId, release + ".0.0", release, sha256()),
                bytes.length,
                BLOCK_SIZE,
                root(0, layout.count()));
    }

    ByteString data(int index) {
        return ByteString.copyFrom(bytes, (int) layout.offset(index), layout.size(index));
    }

    Block block(int index) {
        List<Hash> proof = new ArrayList<>();
        prove(index, 0, layout.count(), proof);
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        proof.forEach(hash -> run.writeBytes(hash.bytes()));
        return Block.newBuilder()
                .setSha256(ManifestWriter.bytes(sha256()))
                .setIndex(index)
                .setData(data(index))
                .setProof(ByteString.copyFrom(run.toByteArray()))
                .build();
    }

    private Hash root(int from, int to) {
        if (to - from == 1) {
            return hasher.leaf(data(from).toByteArray());
        }
        int middle = from + Integer.highestOneBit(to - from - 1);
        return hasher.node(root(from, middle), root(middle, to));
    }

    private void prove(int index, int from, int to, List<Hash> proof) {
        if (to - from == 1) {
            return;
        }
        int middle = from + Integer.highestOneBit(to - from - 1);
        if (index < middle) {
            prove(index, from, middle, proof);
            proof.add(root(middle, to));
        } else {
            prove(index, middle, to, proof);
            proof.add(root(from, middle));
        }
    }
}
