package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.audit.evidence.EntryProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead audit prove}: one entry, provable without the log. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = "Write a proof that one entry stands in the log (C2SP tlog-proof).",
        footer = {"", "Examples:", "  bulkhead audit prove 17 --out entry-17.proof"})
final class ProveCommand implements Runnable {
    @Mixin
    private AuditSource source;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "INDEX", description = "The entry, as bulkhead audit log numbers it.")
    private long index;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the proof here instead of printing it.")
    private @Nullable Path target;

    @Override
    public void run() {
        source.signHead();
        byte[] proof = source.read(reader -> EntryProof.of(reader, index)).bytes();
        String text = new String(proof, StandardCharsets.UTF_8);
        if (target != null) {
            write(target, proof);
        }
        if (output.isJson()) {
            output.json(Map.of("index", index, "proof", text));
        } else if (target == null) {
            text.lines().forEach(output::line);
        } else {
            output.line("the proof of entry " + index + " is in " + target);
        }
    }

    private static void write(Path file, byte[] proof) {
        try {
            Files.write(file, proof, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw FileFault.unwritten(file, e, "choose a new name");
        }
    }
}
