package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.EntryText;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.evidence.VerifiedLog;
import dev.bulkhead.security.audit.note.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit verify}: is this what the vehicle signed? */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Verify a vehicle's log, an exported one, or the proof of one entry, with the vehicle's public key alone.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it is what the vehicle signed", "5:it is not; the output says where"},
        footer = {
            "",
            "Examples:",
            "  bulkhead audit verify",
            "  bulkhead audit verify --log log.audit --key vehicle.vkey",
            "  bulkhead audit verify --log log.audit --key vehicle.vkey --head fleet-checkpoint",
            "  bulkhead audit verify --proof entry-17.proof --key vehicle.vkey"
        })
final class VerifyLogCommand implements Callable<Integer> {
    private static final int MOST_NOTE_BYTES = 1 << 16;
    private static final int MOST_PROOF_BYTES = 1 << 18;

    @Mixin
    private AuditSource source;

    @Mixin
    private Output output;

    @Option(
            names = "--head",
            paramLabel = "FILE",
            description = "A head of this log that was kept elsewhere, by the fleet for instance.")
    private @Nullable Path head;

    @Option(names = "--proof", paramLabel = "FILE", description = "The proof of one entry instead of a log.")
    private @Nullable Path proof;

    @Override
    public Integer call() {
        return proof == null ? log() : entry(proof);
    }

    private int log() {
        VerifiedLog log = source.verify(known(), (index, bytes) -> true);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("genuine", log.isGenuine());
        document.put("origin", log.head().map(Checkpoint::origin).orElse(""));
        document.put("entries", log.head().map(Checkpoint::size).orElse(0L));
        document.put("root", log.head().map(h -> h.root().toString()).orElse(""));
        document.put("firstRetained", log.firstRetained());
        document.put("checkpoints", log.checkpoints());
        document.put("findings", log.findings());
        if (output.isJson()) {
            output.json(document);
        } else if (log.isGenuine()) {
            output.line(
                    Style.GOOD,
                    "genuine: " + document.get("entries") + " entries of " + document.get("origin") + " under "
                            + log.checkpoints() + " signed heads, root " + document.get("root"));
        } else {
            output.line(Style.BAD, "not what the vehicle signed:");
            log.findings().forEach(f -> output.line("  " + f.kind() + ": " + f.what() + " [" + f.path() + "]"));
        }
        return (log.isGenuine() ? ExitCode.OK : ExitCode.REFUSED).status();
    }

    private Optional<Checkpoint> known() {
        if (head == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.open(read(head, MOST_NOTE_BYTES), source.verifierKey()));
        } catch (AuditException e) {
            throw CommandFailure.refused("--head: " + e.getMessage(), "");
        }
    }

    private int entry(Path file) {
        EntryProof entry;
        try {
            entry = EntryProof.parse(read(file, MOST_PROOF_BYTES));
        } catch (AuditException e) {
            throw CommandFailure.refused(file + ": " + e.getMessage(), "");
        }
        Optional<String> objection = entry.objection(source.verifierKey());
        if (objection.isPresent()) {
            throw CommandFailure.refused(file + ": " + objection.get(), "");
        }
        AuditEntry content = LogReader.parse(entry.index(), entry.entry());
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("genuine", true);
            document.put("entry", EntryText.document(entry.index(), content));
            output.json(document);
        } else {
            output.line(
                    Style.GOOD,
                    "genuine: entry " + entry.index() + " of "
                            + source.verifierKey().name());
            output.line(Rows.time(content.getUnixMs()) + " " + EntryText.kind(content) + " " + content.getAppId() + " "
                    + content.getVersion() + " " + EntryText.line(content));
        }
        return ExitCode.OK.status();
    }

    private static byte[] read(Path file, int cap) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(cap + 1);
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path");
        }
    }
}
