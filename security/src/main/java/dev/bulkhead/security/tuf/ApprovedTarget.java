package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import java.util.Optional;

/**
 * A package that director and image repository agree this vehicle should run now.
 *
 * @param path within the repositories
 * @param length in bytes
 * @param sha256 of the package file
 * @param custom what both signed about it
 * @param assignment the director's name for this order, {@code custom.bulkhead.assignmentId} in the director's targets
 *     only; the vehicle's reports carry it back. Empty when the director gave none
 * @param ensemble what the director calls the targets of one file that the vehicle must take over as one, all or none:
 *     {@code custom.bulkhead.ensembleId} in the director's targets only. Empty when this one stands alone
 */
public record ApprovedTarget(
        String path,
        long length,
        Bytes sha256,
        TargetCustom custom,
        Optional<String> assignment,
        Optional<String> ensemble) {
    /** Member of a director target's {@code custom.bulkhead} that names the order. */
    public static final String ASSIGNMENT_ID = "assignmentId";

    /** Member of a director target's {@code custom.bulkhead} that all targets of an ensemble have alike. */
    public static final String ENSEMBLE_ID = "ensembleId";

    /** Most targets that can be taken over as one. */
    public static final int MOST_TOGETHER = 16;
}
