package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.evidence.LogArchiveWriter;
import dev.bulkhead.security.audit.evidence.LogExporter;
import dev.bulkhead.security.audit.evidence.LogFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead audit export}: the log for somebody else to verify. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Write the log, as of its newest signed head, into one file or as a tlog-tiles folder.",
        footer = {"", "Examples:", "  bulkhead audit export log.audit", "  bulkhead audit export --tiles log/"})
final class ExportCommand implements Runnable {
    @Mixin
    private AuditSource source;

    @Mixin
    private Output output;

    @Option(names = "--tiles", description = "Write a folder in the C2SP tlog-tiles layout.")
    private boolean tiles;

    @Parameters(paramLabel = "TARGET", description = "A file or folder that does not exist yet.")
    private Path target;

    @Override
    public void run() {
        if (Files.exists(target)) {
            throw CommandFailure.usage(target + " exists already", "choose another name");
        }
        source.signHead();
        Map<String, Object> document = source.read(this::export);
        if (output.isJson()) {
            output.json(document);
        } else {
            output.line(document.get("entries") + " of " + document.get("logged") + " entries written to " + target);
            output.line("the vehicle's verifier key is " + document.get("key"));
            output.line("bulkhead audit verify --log " + target + " --key '" + document.get("key") + "'");
        }
    }

    private Map<String, Object> export(LogReader reader) {
        long entries = tiles ? new LogExporter(reader).export(new LogFolder(target)) : archive(reader);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", target.toString());
        document.put("entries", entries);
        document.put("logged", reader.size());
        document.put("origin", reader.origin());
        document.put("key", reader.claimedKey().toString());
        return document;
    }

    private long archive(LogReader reader) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            return new LogExporter(reader).export(new LogArchiveWriter(out));
        } catch (IOException e) {
            throw FileFault.unwritten(target, e, "check the path");
        }
    }
}
