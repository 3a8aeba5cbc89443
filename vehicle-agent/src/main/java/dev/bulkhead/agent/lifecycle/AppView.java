package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.List;
import java.util.Optional;

/**
 * One app at one moment.
 *
 * @param cause of the last transition
 * @param restarts starts after the first, since the agent started
 * @param update where the last order stands
 * @param ensemble the slots of all that change as one with it, its own too, each after those it needs; empty while it changes alone
 * @param lastWords what it said before it was walled off; empty while it is not
 * @param manifestText of the running release; empty while it does not run
 * @param grants what became of each line of its manifest
 */
public record AppView(
        AppSlot slot,
        String cause,
        int restarts,
        Optional<UpdateReport> update,
        List<AppSlot> ensemble,
        List<LogBook.Line> lastWords,
        Optional<StoredRelease> release,
        Optional<CompartmentView> compartment,
        String manifestText,
        List<AuditEntry.Declared.Request> grants) {
    public AppView {
        ensemble = List.copyOf(ensemble);
        lastWords = List.copyOf(lastWords);
        grants = List.copyOf(grants);
    }
}
