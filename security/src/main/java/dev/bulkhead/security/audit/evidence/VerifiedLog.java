package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.note.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of a verification.
 *
 * @param head the signed head, empty if there is none that can be believed
 * @param firstRetained the first entry whose data is there; the hashes before it were verified
 * @param checkpoints how many older heads were verified
 * @param findings at most {@value AuditVerifier#MAX_FINDINGS}, in the order they were found; empty: the log is what the
 *     vehicle signed
 */
public record VerifiedLog(Optional<Checkpoint> head, long firstRetained, int checkpoints, List<Finding> findings) {
    /** Copies the list. */
    public VerifiedLog {
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean isGenuine() {
        return findings.isEmpty();
    }
}
