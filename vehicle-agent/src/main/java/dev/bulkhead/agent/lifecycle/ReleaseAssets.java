package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The assets of one release: packed until they are first asked for, from then on unpacked, the same for all instances. Thread-safe. */
public final class ReleaseAssets {
    private final AssetUnpacking unpacking;

    // guarded by this
    private @Nullable Blob packed;
    private Assets unpacked = Assets.NONE;

    ReleaseAssets(Optional<Blob> packed, AssetUnpacking unpacking) {
        this.unpacking = unpacking;
        this.packed = packed.orElse(null);
    }

    /**
     * The files.
     *
     * @param most bytes they may have together
     * @throws dev.bulkhead.contract.ContractException naming what is wrong with them
     * @throws AdmissionException when the host has no memory for them
     */
    synchronized Assets unpack(long most) {
        Blob archive = packed;
        if (archive != null) {
            try {
                unpacked = unpacking.unpack(archive, most);
            } catch (OutOfMemoryError full) {
                throw new AdmissionException(
                        Reason.MEMORY_OVER_BUDGET,
                        "the host has no room for its assets, up to " + most + " bytes, now");
            }
            packed = null;
        }
        return unpacked;
    }
}
