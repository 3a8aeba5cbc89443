package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * One file being pulled: asks, verifies each block alone against the signed root, keeps it, and says when the file is
 * complete or not to be had. Used from the client's strand only.
 */
final class Pull implements AutoCloseable {
    private static final int MOST_PROOF = 64;

    /** Where the pull stands after something happened. */
    sealed interface Standing {
        record Going() implements Standing {}

        record Complete() implements Standing {}

        /** Given up; {@code attack} when a peer that follows the protocol could not have done this. */
        record GivenUp(String reason, String detail, boolean attack) implements Standing {}
    }

    private static final Standing GOING = new Standing.Going();

    private final Assignment assignment;
    private final PartialFile file;
    private final Carrier carrier;
    private final PullLimits limits;
    private final BlockWindow window;
    private final TreeHasher hasher = new TreeHasher();
    private String lastFault = "";

    Pull(Assignment assignment, PartialFile file, Carrier carrier, PullLimits limits) {
        this.assignment = assignment;
        this.file = file;
        this.carrier = carrier;
        this.limits = limits;
        this.window = new BlockWindow(file.layout().count(), file.have(), limits);
    }

    Assignment assignment() {
        return assignment;
    }

    PartialFile file() {
        return file;
    }

    /** What was wrong with the last block that was refused; empty when none was. */
    String lastFault() {
        return lastFault;
    }

    /** Asks for what is missing, as far as the window allows. */
    Standing goOn(long nowNanos) {
        if (window.complete()) {
            return new Standing.Complete();
        }
        BitSet wanted = window.ask(nowNanos);
        if (!wanted.isEmpty() && !carrier.ask(assignment.sha256(), assignment.blockSize(), wanted)) {
            window.lost();
        }
        return GOING;
    }

    Standing received(Block block, long nowNanos) {
        long index = Integer.toUnsignedLong(block.getIndex());
        return switch (window.arrived(index)) {
            case DUPLICATE, OUTSIDE -> surplus(index);
            case WANTED -> take((int) index, block, nowNanos);
        };
    }

    private Standing surplus(long index) {
        if (!window.endless()) {
            return GOING;
        }
        return new Standing.GivenUp(
                "endless-data",
                "block " + index + " of " + name()
                        + " came though nobody asked for it, as did too many before; the file has "
                        + file.layout().count() + " blocks",
                true);
    }

    private Standing take(int index, Block block, long nowNanos) {
        Optional<String> fault = fault(index, block);
        if (fault.isEmpty()) {
            file.put(index, block.getData().asReadOnlyByteBuffer());
            window.accept(index, nowNanos);
            return goOn(nowNanos);
        }
        lastFault = fault.get();
        window.reject(index);
        if (window.tooManyBad()) {
            return new Standing.GivenUp(
                    "block-hash",
                    lastFault + "; " + window.badBlocks() + " bad blocks, limit " + limits.badBlocks(),
                    true);
        }
        return goOn(nowNanos);
    }

    private Optional<String> fault(int index, Block block) {
        int expected = file.layout().size(index);
        if (block.getData().size() != expected) {
            return Optional.of("block " + index + " of " + name() + " has "
                    + block.getData().size() + " bytes instead of " + expected);
        }
        Optional<List<Hash>> proof = proof(block.getProof());
        if (proof.isEmpty()) {
            return Optional.of("block " + index + " of " + name() + " carries a proof of "
                    + block.getProof().size() + " bytes, which is no list of hashes");
        }
        Hash leaf = hasher.leaf(block.getData().toByteArray());
        boolean included = Proofs.includes(index, leaf, file.layout().count(), assignment.blocksRoot(), proof.get());
        return included
                ? Optional.empty()
                : Optional.of("block " + index + " of " + name() + " does not match the signed root "
                        + assignment.blocksRoot());
    }

    private static Optional<List<Hash>> proof(ByteString bytes) {
        int hashes = bytes.size() / Hash.SIZE;
        if (bytes.size() % Hash.SIZE != 0 || hashes > MOST_PROOF) {
            return Optional.empty();
        }
        byte[] run = bytes.toByteArray();
        List<Hash> proof = new ArrayList<>(hashes);
        for (int i = 0; i < hashes; i++) {
            proof.add(Hash.at(run, i * Hash.SIZE));
        }
        return Optional.of(proof);
    }

    /** The line was cut: nothing asked for will come. */
    void lineLost() {
        window.lost();
    }

    /** When to call {@link #overdue}; {@code Long.MAX_VALUE} when nothing is awaited. */
    long overdueAt() {
        return window.overdueAt();
    }

    /** Asks again after a silence, but not for ever. */
    Standing overdue(long nowNanos) {
        if (nowNanos < window.overdueAt()) {
            return GOING;
        }
        window.stalled();
        if (window.tooManyStalls()) {
            return new Standing.GivenUp(
                    "silence",
                    "no block of " + name() + " came " + limits.stalls() + " times in a row within "
                            + limits.patience().toSeconds() + " s; " + file.bytesHere() + " of "
                            + file.layout().length() + " bytes are kept",
                    false);
        }
        return goOn(nowNanos);
    }

    private String name() {
        return assignment.release() + " " + assignment.sha256().substring(0, 12);
    }

    @Override
    public void close() {
        file.close();
    }
}
