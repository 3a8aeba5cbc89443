package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.vehicle.VehicleChoice;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.evidence.AuditVerifier;
import dev.bulkhead.security.audit.evidence.Finding;
import dev.bulkhead.security.audit.evidence.LogArchive;
import dev.bulkhead.security.audit.evidence.LogFiles;
import dev.bulkhead.security.audit.evidence.LogFolder;
import dev.bulkhead.security.audit.evidence.VerifiedLog;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which log a command reads, to be mixed in: a vehicle's own, or an export. */
public final class AuditSource {
    @Mixin
    private VehicleChoice vehicle;

    @Option(
            names = "--log",
            paramLabel = "PATH",
            description = "An exported log, folder or file, instead of a vehicle.")
    private @Nullable Path export;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The vehicle's verifier key (name+hash+base64), or a file with it (default: the vehicle's own).")
    private @Nullable String key;

    boolean isExport() {
        return export != null;
    }

    /** Asks the vehicle's log. */
    <T> T read(Function<LogReader, T> question) {
        if (export != null) {
            throw CommandFailure.usage("this needs a vehicle's own log, not an export", "leave out --log");
        }
        return own().read(question);
    }

    private VehicleLog own() {
        return new VehicleLog(vehicle.folder());
    }

    /** Lets a running agent sign all it has logged, so that what is asked next has a proof to its end. */
    void signHead() {
        if (export == null) {
            own().signHead();
        }
    }

    /** The sums behind the views; an export is verified first. */
    TouchTable table(long fromMillis, long toMillis) {
        if (export == null) {
            return read(reader -> TouchTable.of(reader, fromMillis, toMillis));
        }
        var adder = new TouchTable.Adder();
        VerifiedLog log = verify(Optional.empty(), (index, bytes) -> {
            var entry = LogReader.parse(index, bytes);
            if (entry.hasDeclared() || (entry.getUnixMs() >= fromMillis && entry.getUnixMs() <= toMillis)) {
                adder.add(index, entry);
            }
            return true;
        });
        if (!log.isGenuine()) {
            Finding first = log.findings().getFirst();
            throw CommandFailure.refused(
                    "the log is not what the vehicle signed: " + first.what(),
                    "bulkhead audit verify lists everything");
        }
        return adder.table(verifierKey().name());
    }

    /** Verifies the export, or the vehicle's own log as it is now. */
    VerifiedLog verify(Optional<Checkpoint> known, LogReader.EntryVisitor visitor) {
        try (LogFiles files = files()) {
            return new AuditVerifier(files, verifierKey(), known, visitor).verify();
        } catch (AuditException e) {
            throw CommandFailure.refused(String.valueOf(e.getMessage()), "");
        }
    }

    private LogFiles files() {
        if (export == null) {
            return own().export();
        }
        if (!Files.exists(export)) {
            throw CommandFailure.failed("there is no " + export, "bulkhead audit export writes one");
        }
        return Files.isDirectory(export) ? new LogFolder(export) : LogArchive.open(export);
    }

    /** The key given, as text or file; for a vehicle's own log the vehicle's own. */
    NoteKey verifierKey() {
        if (key == null && export == null) {
            return own().key();
        }
        if (key == null) {
            throw CommandFailure.usage(
                    "whose log is it? A log is verified with the vehicle's public key",
                    "bulkhead audit key prints it on the vehicle; --key KEY or --key FILE");
        }
        try {
            Path file = Path.of(key);
            boolean isFile = key.length() < 4096 && Files.isRegularFile(file);
            return NoteKey.parse(isFile ? Files.readString(file, StandardCharsets.UTF_8) : key);
        } catch (NoteException e) {
            throw CommandFailure.usage("--key: " + e.getMessage(), "bulkhead audit key prints it on the vehicle");
        } catch (IOException e) {
            throw FileFault.unread(Path.of(key), e, "bulkhead audit key --out writes one");
        }
    }
}
