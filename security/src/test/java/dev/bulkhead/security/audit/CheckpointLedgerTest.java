package dev.bulkhead.security.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.security.audit.CheckpointLedger.Judgement;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointLedgerTest {
    private static final TreeHasher HASHER = new TreeHasher();

    @Test
    void believesTheFirstHead() {
        Judgement judgement = CheckpointLedger.empty().judge(head(5, "a"), 0, List.of());
        assertEquals(
                Optional.of(head(5, "a")),
                assertInstanceOf(Judgement.Extends.class, judgement).next().newest());
    }

    @Test
    void acceptsAProvedExtension() {
        Judgement judgement = ledger(5).judge(head(9, "a"), 5, tree(9, "a").consistencyProof(5));
        assertInstanceOf(Judgement.Extends.class, judgement);
    }

    @Test
    void takesARepeatedHeadForWhatItIs() {
        assertInstanceOf(Judgement.Repeats.class, ledger(5).judge(head(5, "a"), 0, List.of()));
    }

    @Test
    void asksForAProofThatStartsWhereItStands() {
        Judgement judgement = ledger(5).judge(head(9, "a"), 3, tree(9, "a").consistencyProof(3));
        assertEquals(5, assertInstanceOf(Judgement.Unproved.class, judgement).from());
    }

    @Test
    void findsARewrittenHistory() {
        assertInstanceOf(
                Judgement.Rewritten.class,
                ledger(5).judge(head(9, "b"), 5, tree(9, "b").consistencyProof(5)));
    }

    @Test
    void findsTwoHeadsOfOneSize() {
        assertInstanceOf(Judgement.Rewritten.class, ledger(5).judge(head(5, "b"), 5, List.of()));
    }

    @Test
    void findsALogThatBecameShorter() {
        assertInstanceOf(Judgement.Rewritten.class, ledger(5).judge(head(4, "a"), 4, List.of()));
    }

    @Test
    void refusesTheHeadOfAnotherLog() {
        var other = new Checkpoint("v2", 9, tree(9, "a").root());
        assertInstanceOf(
                Judgement.Rewritten.class,
                ledger(5).judge(other, 5, tree(9, "a").consistencyProof(5)));
    }

    private static CheckpointLedger ledger(long size) {
        return new CheckpointLedger(Optional.of(head(size, "a")));
    }

    private static Checkpoint head(long size, String history) {
        return new Checkpoint("v1", size, tree(size, history).root());
    }

    private static MerkleTree tree(long size, String history) {
        return new MerkleTree((level, index) -> subtree(level, index, history), size);
    }

    private static Hash subtree(int level, long index, String history) {
        return level == 0
                ? HASHER.leaf((history + index).getBytes(UTF_8))
                : HASHER.node(subtree(level - 1, 2 * index, history), subtree(level - 1, 2 * index + 1, history));
    }
}
