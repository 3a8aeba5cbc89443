package dev.bulkhead.agent.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What lies in the scratch directory is paid for, to the byte and until it goes. */
final class ScratchTreeTest {
    private static final class Purse implements MemoryPurse {
        private static final long MOST = 100_000;
        private long taken;

        @Override
        public boolean take(long bytes) {
            if (taken + bytes > MOST) {
                return false;
            }
            taken += bytes;
            return true;
        }

        @Override
        public void give(long bytes) {
            taken -= bytes;
        }
    }

    private final Purse purse = new Purse();
    private final ScratchTree tree = new ScratchTree(purse);

    private ScratchTree.Node made(String path) {
        return Objects.requireNonNull(tree.make(path, false));
    }

    private int fill(ScratchTree.Node file) {
        int written = 0;
        while (tree.write(file, written, new byte[4_096])) {
            written += 4_096;
        }
        return written;
    }

    @Test
    void filesCountAsTheyGrowAndAreGivenBack() {
        int written = fill(made("file"));
        assertTrue(written <= Purse.MOST && written >= Purse.MOST - 8_192, "wrote " + written);
        assertTrue(purse.taken <= Purse.MOST, "took " + purse.taken);
        assertEquals(purse.taken, tree.held());
        tree.remove("file");
        assertEquals(0, purse.taken);
    }

    @Test
    void aFileThatIsTakenOutCostsUntilItsLastDescriptorGoes() {
        ScratchTree.Node file = made("file");
        tree.opened(file);
        tree.opened(file);
        tree.remove("file");
        assertTrue(fill(file) > 0);
        tree.closed(file);
        assertTrue(purse.taken > 50_000, "took " + purse.taken);
        tree.closed(file);
        assertEquals(0, purse.taken);
        assertEquals(0, tree.held());
    }

    @Test
    void aFileThatIsReplacedIsGivenBackToo() {
        fill(made("old"));
        ScratchTree.Node fresh = made("new");
        tree.remove("old");
        tree.move("new", "old");
        tree.truncate(fresh);
        tree.remove("old");
        assertEquals(0, purse.taken);
    }
}
