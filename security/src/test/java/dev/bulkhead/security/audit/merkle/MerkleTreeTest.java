package dev.bulkhead.security.audit.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final TreeHasher HASHER = new TreeHasher();

    @Test
    void matchesTheVectorsOfCertificateTransparency() {
        List<byte[]> inputs = new ArrayList<>();
        for (String hex : List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657")) {
            inputs.add(HexFormat.of().parseHex(hex));
        }
        inputs.add(HexFormat.of().parseHex("606162636465666768696a6b6c6d6e6f"));
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                GrowingTree.rootOf(List.of()).toString());
        assertEquals(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                GrowingTree.rootOf(inputs.subList(0, 1)).toString());
        assertEquals(
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
                GrowingTree.rootOf(inputs).toString());
    }

    @Test
    void everyInclusionProofHoldsAndNoOtherLeafPasses() {
        for (int size = 1; size <= 70; size++) {
            var tree = new MerkleTree(MerkleTreeTest::subtree, size);
            for (int index = 0; index < size; index++) {
                List<Hash> proof = tree.inclusionProof(index);
                assertTrue(Proofs.includes(index, leaf(index), size, tree.root(), proof), index + " of " + size);
                assertFalse(Proofs.includes(index, leaf(index + 1), size, tree.root(), proof));
                assertFalse(Proofs.includes((index + 1) % size, leaf(index), size, tree.root(), proof) && size > 1);
                var longer = new ArrayList<>(proof);
                longer.add(leaf(99));
                assertFalse(Proofs.includes(index, leaf(index), size, tree.root(), longer));
            }
        }
    }

    @Test
    void everyConsistencyProofHoldsAndNoOtherRootPasses() {
        for (int size = 0; size <= 70; size++) {
            var tree = new MerkleTree(MerkleTreeTest::subtree, size);
            for (int old = 0; old <= size; old++) {
                Hash oldRoot = new MerkleTree(MerkleTreeTest::subtree, old).root();
                List<Hash> proof = tree.consistencyProof(old);
                assertTrue(Proofs.consistent(old, oldRoot, size, tree.root(), proof), old + " to " + size);
                assertFalse(Proofs.consistent(old, leaf(1234), size, tree.root(), proof));
                if (old > 0) {
                    assertFalse(Proofs.consistent(old, oldRoot, size, leaf(1234), proof));
                }
            }
        }
    }

    @Test
    void tilesGiveTheSameRootsAsTheGrowingTree() {
        Map<String, byte[]> stored = new HashMap<>();
        var builder = new TileBuilder();
        var growing = new GrowingTree();
        for (int i = 0; i < 70_000; i++) {
            builder.append(leaf(i));
            growing.appendLeaf(leaf(i));
            if (i % 977 == 0 || i == 65_535 || i == 65_536) {
                builder.drain((tile, hashes) -> stored.put(tile.level() + "/" + tile.index(), hashes));
                assertEquals(growing.root(), builder.root(), "size " + (i + 1));
            }
        }
        builder.drain((tile, hashes) -> stored.put(tile.level() + "/" + tile.index(), hashes));
        TileSource source = tile -> Objects.requireNonNull(stored.get(tile.level() + "/" + tile.index()));
        var tree = new MerkleTree(new TiledSubtrees(source, 70_000), 70_000);
        assertEquals(growing.root(), tree.root());
        assertTrue(Proofs.includes(69_999, leaf(69_999), 70_000, tree.root(), tree.inclusionProof(69_999)));
        assertTrue(Proofs.includes(300, leaf(300), 70_000, tree.root(), tree.inclusionProof(300)));
        TileBuilder resumed = TileBuilder.resume(source, 70_000);
        assertEquals(growing.root(), resumed.root());
        resumed.append(leaf(70_000));
        growing.appendLeaf(leaf(70_000));
        assertEquals(growing.root(), resumed.root());
    }

    @Test
    void aCopyGrowsByItself() {
        var builder = new TileBuilder();
        builder.append(leaf(0));
        Hash before = builder.root();
        builder.copy().append(leaf(1));
        assertEquals(before, builder.root());
        assertEquals(1, builder.size());
    }

    @Test
    void refusesALeafBeyondTheEnd() {
        var tree = new MerkleTree(MerkleTreeTest::subtree, 5);
        assertThrows(IndexOutOfBoundsException.class, () -> tree.inclusionProof(5));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.consistencyProof(6));
    }

    @Test
    void writesTilePathsAsTheSpecificationDoes() {
        assertEquals("tile/0/x001/x234/067", new Tile(0, 1_234_067, 256).path());
        assertEquals("tile/1/000.p/12", new Tile(1, 0, 12).path());
        assertEquals("tile/entries/x001/005.p/1", new Tile(0, 1005, 1).entriesPath());
    }

    private static Hash leaf(long index) {
        return HASHER.leaf(("leaf " + index).getBytes(UTF_8));
    }

    private static Hash subtree(int level, long index) {
        return level == 0 ? leaf(index) : HASHER.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
    }
}
