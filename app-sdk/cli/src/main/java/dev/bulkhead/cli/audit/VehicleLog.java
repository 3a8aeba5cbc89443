package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.vehicle.AgentLink;
import dev.bulkhead.contract.proto.ExportAuditRequest;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.evidence.LogArchive;
import dev.bulkhead.security.audit.evidence.LogArchiveWriter;
import dev.bulkhead.security.audit.evidence.LogExporter;
import dev.bulkhead.security.audit.evidence.LogFiles;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.keys.FileSigner;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** A vehicle's own log, in its data folder, beside the agent that writes it. */
record VehicleLog(Path folder) {
    private static final String LOG_FILE = "audit.db";
    private static final String KEY_FILE = "vehicle-audit.key";

    <T> T read(Function<LogReader, T> question) {
        try (LogReader reader = LogReader.open(folder.resolve(LOG_FILE))) {
            return question.apply(reader);
        } catch (AuditException | IndexOutOfBoundsException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead agent starts a vehicle");
        }
    }

    /**
     * Lets the running agent sign a head over all it has logged: it does so at the begin of every export, so the rest of
     * this one is not waited for. Where no agent runs, the newest head it left has to do.
     */
    void signHead() {
        try (AgentLink agent = AgentLink.open(folder)) {
            agent.call(stub ->
                    stub.exportAudit(ExportAuditRequest.getDefaultInstance()).next());
        } catch (CommandFailure e) {
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
        }
    }

    /** The verifier key, from the vehicle's key and not from what the log says. */
    NoteKey key() {
        try {
            FileSigner signer = FileSigner.read(folder.resolve(KEY_FILE), Optional.empty());
            return NoteKey.of(read(LogReader::origin), NoteSigner.of(signer).publicKey());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead agent makes the vehicle's key");
        }
    }

    /** An export as of a head signed now, in a file that is already deleted. */
    LogFiles export() {
        signHead();
        try {
            Path file = Files.createTempFile("bulkhead-audit", ".log");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    read(reader -> new LogExporter(reader).export(new LogArchiveWriter(out)));
                }
                return LogArchive.open(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw CommandFailure.failed("the log cannot be exported: " + e.getMessage(), "is the disk full?");
        }
    }
}
