package dev.bulkhead.agent.ota;

import java.util.BitSet;

/**
 * A way blocks come here. It is asked and never trusted: every block is verified against the signed root, whichever way it
 * came. Answers reach {@link OtaClient} in any order, late, twice or not at all.
 */
public interface Carrier {
    /**
     * Asks for blocks of a file. Returns at once.
     *
     * @param wanted indices, not empty, spanning at most {@link PullLimits#window()} blocks that are missing
     * @return false when nothing can be asked now
     */
    boolean ask(String sha256, int blockSize, BitSet wanted);
}
