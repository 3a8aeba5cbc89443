package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;

/** How the assets of a package come into memory. */
@FunctionalInterface
public interface AssetUnpacking {
    /**
     * Unpacks an archive.
     *
     * @param most bytes its files may have together
     * @throws dev.bulkhead.contract.ContractException naming what is wrong with it
     * @throws OutOfMemoryError when the heap has no room for it
     */
    Assets unpack(Blob packed, long most);
}
