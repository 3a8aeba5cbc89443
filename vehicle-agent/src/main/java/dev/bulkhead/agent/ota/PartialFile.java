package dev.bulkhead.agent.ota;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * One file on its way here. A block is forced to disk before its bit is committed, so that after a power loss every bit is
 * true and at most one block is fetched twice.
 */
final class PartialFile implements AutoCloseable {
    private static final int READ_BYTES = 1 << 18;

    private final String sha256;
    private final BlockLayout layout;
    private final Path path;
    private final FileChannel channel;
    private final BitSet have;
    private final DownloadLedger ledger;
    private final Steps steps;

    PartialFile(
            String sha256,
            BlockLayout layout,
            Path path,
            FileChannel channel,
            BitSet have,
            DownloadLedger ledger,
            Steps steps) {
        this.sha256 = sha256;
        this.layout = layout;
        this.path = path;
        this.channel = channel;
        this.have = have;
        this.ledger = ledger;
        this.steps = steps;
    }

    String sha256() {
        return sha256;
    }

    BlockLayout layout() {
        return layout;
    }

    Path path() {
        return path;
    }

    /** The blocks on disk; a copy. */
    BitSet have() {
        return (BitSet) have.clone();
    }

    boolean has(int index) {
        return have.get(index);
    }

    boolean complete() {
        return have.cardinality() == layout.count();
    }

    /** Bytes that are here. */
    long bytesHere() {
        return have.stream().mapToLong(layout::size).sum();
    }

    /** Keeps a block that was verified. Durable on return. */
    void put(int index, ByteBuffer block) {
        try {
            long at = layout.offset(index);
            while (block.hasRemaining()) {
                at += channel.write(block, at);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new LedgerException("cannot write block " + index + " to " + path + ": " + e.getMessage(), e);
        }
        steps.passed(Steps.Step.BLOCK_WRITTEN);
        have.set(index);
        ledger.mark(sha256, have);
        steps.passed(Steps.Step.BLOCK_MARKED);
    }

    /** True when the bytes on disk are the file that was promised. */
    boolean verifies() {
        return layout.length() == length() && digest().equals(sha256);
    }

    private long length() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw new LedgerException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES);
            for (long at = 0; channel.read(chunk, at) > 0; chunk.clear()) {
                at += chunk.position();
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        } catch (IOException e) {
            throw new LedgerException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Forgets all blocks and deletes the file. */
    void discard() {
        ledger.forget(sha256);
        close();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new LedgerException("cannot delete " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LedgerException("cannot close " + path + ": " + e.getMessage(), e);
        }
    }
}
