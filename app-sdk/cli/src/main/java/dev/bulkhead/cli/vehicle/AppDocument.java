package dev.bulkhead.cli.vehicle;

import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.QuarantineView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code bulkhead inspect APP --json}: a row of {@code ps} and what stands behind it. */
record AppDocument(
        AppRow status,
        String packageDigest,
        String moduleDigest,
        List<Grant> grants,
        List<Handle> handles,
        List<Transition> transitions,
        List<LogRow> lastLines,
        @Nullable Quarantine quarantine,
        String manifest) {
    /** @param granted empty when denied */
    record Grant(String request, String granted, String rule, String reason) {}

    /** Why it is walled off, and what it said before. */
    record Quarantine(String reason, List<LogRow> lastWords) {
        static Quarantine of(QuarantineView view) {
            return new Quarantine(
                    view.getReason(),
                    view.getLastWordsList().stream().map(LogRow::of).toList());
        }
    }

    record Handle(long handle, String kind, String subject, String mode, long uses) {}

    record Transition(long ageMs, String from, String to, String cause) {}

    static AppDocument of(AppDetail detail) {
        return new AppDocument(
                AppRow.of(detail.getStatus()),
                detail.getPackageDigest(),
                detail.getModuleDigest(),
                detail.getGrantsList().stream()
                        .map(grant ->
                                new Grant(grant.getRequest(), grant.getEffective(), grant.getRule(), grant.getReason()))
                        .toList(),
                detail.getHandlesList().stream()
                        .map(handle -> new Handle(
                                Integer.toUnsignedLong(handle.getHandle()),
                                handle.getKind(),
                                handle.getSubject(),
                                handle.getMode(),
                                handle.getUses()))
                        .toList(),
                detail.getTransitionsList().stream()
                        .map(move -> new Transition(move.getAgeMs(), move.getFrom(), move.getTo(), move.getCause()))
                        .toList(),
                detail.getLastLinesList().stream().map(LogRow::of).toList(),
                detail.hasQuarantine() ? Quarantine.of(detail.getQuarantine()) : null,
                detail.getManifestToml());
    }
}
