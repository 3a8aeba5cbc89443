package dev.bulkhead.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockTreeTest {
    private static final int SIZE = 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 1023, 1024, 1025, 5 * 1024, 7 * 1024 + 1, 16 * 1024, 33 * 1024})
    void everyBlockProvesItselfUnderTheRoot(int length) throws IOException {
        byte[] file = new byte[length];
        new Random(length).nextBytes(file);
        BlockTree tree = BlockTree.read(new ByteArrayInputStream(file), SIZE);
        BlockTree stored = BlockTree.ofLeafHashes(tree.leafHashes());
        assertEquals((length + SIZE - 1) / SIZE, tree.blocks());
        assertEquals(tree.root(), stored.root());
        for (int i = 0; i < tree.blocks(); i++) {
            byte[] block = Arrays.copyOfRange(file, i * SIZE, Math.min(length, (i + 1) * SIZE));
            Hash leaf = new TreeHasher().leaf(block);
            assertTrue(Proofs.includes(i, leaf, tree.blocks(), tree.root(), stored.proof(i)), "block " + i);
            block[0] ^= 1;
            Hash bent = new TreeHasher().leaf(block);
            assertFalse(Proofs.includes(i, bent, tree.blocks(), tree.root(), stored.proof(i)), "bent block " + i);
        }
    }

    @Test
    void fileWithoutBytesHasNoTree() {
        assertThrows(IllegalArgumentException.class, () -> BlockTree.read(new ByteArrayInputStream(new byte[0]), SIZE));
    }
}
