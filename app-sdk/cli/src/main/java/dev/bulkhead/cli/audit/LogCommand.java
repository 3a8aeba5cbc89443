package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.EntryText;
import dev.bulkhead.security.audit.LogReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit log}: the entries themselves. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Show the newest entries of the log, or those from an index on.",
        footer = {
            "",
            "Examples:",
            "  bulkhead audit log --kind denied",
            "  bulkhead audit log --from-entry 0 -n 50 --json"
        })
final class LogCommand implements Runnable {
    private static final int MOST = 100_000;

    private record Numbered(long index, AuditEntry entry) {}

    @Mixin
    private AuditSource source;

    @Mixin
    private Output output;

    @Option(names = "--app", paramLabel = "ID", description = "Only entries about this app.")
    private @Nullable String app;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            completionCandidates = EntryKinds.class,
            description = "Only entries of this kind: ${COMPLETION-CANDIDATES}.")
    private @Nullable String kind;

    @Option(names = "--from-entry", paramLabel = "INDEX", description = "The first entries from here on.")
    private long from = -1;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, at most 100000 (default: ${DEFAULT-VALUE}).")
    private int lines = 50;

    @Override
    public void run() {
        if (lines < 1 || lines > MOST) {
            throw CommandFailure.usage("-n must be 1.." + MOST + ", not " + lines, "");
        }
        if (kind != null) {
            EntryKinds.check(kind);
        }
        List<Numbered> entries = source.isExport() ? exported() : source.read(this::stored);
        if (output.isJson()) {
            output.json(entries.stream()
                    .map(e -> EntryText.document(e.index(), e.entry()))
                    .toList());
            return;
        }
        Table table = new Table(">ENTRY", "TIME", "KIND", "APP", "VERSION", "WHAT");
        entries.forEach(e -> table.row(
                e.index(),
                Rows.time(e.entry().getUnixMs()),
                EntryText.kind(e.entry()),
                e.entry().getAppId(),
                e.entry().getVersion(),
                EntryText.line(e.entry())));
        output.table(table);
    }

    private List<Numbered> stored(LogReader reader) {
        Deque<Numbered> kept = new ArrayDeque<>();
        long first = Math.max(from, reader.firstRetained());
        reader.visit(first, Math.max(first, reader.size()), (index, bytes) -> keep(kept, index, bytes));
        return List.copyOf(kept);
    }

    private List<Numbered> exported() {
        Deque<Numbered> kept = new ArrayDeque<>();
        var log = source.verify(Optional.empty(), (index, bytes) -> index < from || keep(kept, index, bytes));
        if (!log.isGenuine()) {
            output.note("this log is not what the vehicle signed: "
                    + log.findings().getFirst().what());
        }
        return List.copyOf(kept);
    }

    /** Keeps the first ones from an index on, else the last ones. */
    private boolean keep(Deque<Numbered> kept, long index, byte[] bytes) {
        AuditEntry entry = LogReader.parse(index, bytes);
        boolean wanted =
                (app == null || app.equals(entry.getAppId())) && (kind == null || kind.equals(EntryText.kind(entry)));
        if (wanted && (from < 0 || kept.size() < lines)) {
            kept.add(new Numbered(index, entry));
        }
        if (kept.size() > lines) {
            kept.removeFirst();
        }
        return from < 0 || kept.size() < lines;
    }
}
