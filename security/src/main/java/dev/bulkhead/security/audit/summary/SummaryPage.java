package dev.bulkhead.security.audit.summary;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import dev.bulkhead.security.audit.evidence.EntryProof;
import java.util.List;
import java.util.Optional;

/**
 * A page that was believed: signed for a head, every entry in it proved under that head.
 *
 * @param size entries under the head
 * @param from it says everything whose newest entry lies in {@code [from, to)}
 * @param to see {@code from}
 * @param firstRetained sums count from here on
 */
public record SummaryPage(
        long size, long from, long to, long firstRetained, List<Declaration> declarations, List<Sum> touches) {
    /** What an app version may touch, and the proof. */
    public record Declaration(AuditEntry entry, EntryProof proof) {}

    /**
     * How often something was touched.
     *
     * @param newest the proof of its newest entry; there for everything but plain use
     */
    public record Sum(Touch touch, Tally tally, Optional<EntryProof> newest) {}

    /** Copies the lists. */
    public SummaryPage {
        declarations = List.copyOf(declarations);
        touches = List.copyOf(touches);
    }
}
