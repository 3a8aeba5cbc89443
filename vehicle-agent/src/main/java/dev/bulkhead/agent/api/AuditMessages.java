package dev.bulkhead.agent.api;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditLogEntry;
import dev.bulkhead.contract.proto.AuditMatrixResponse;
import dev.bulkhead.contract.proto.AuditMatrixRow;
import dev.bulkhead.contract.proto.FileChunk;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.evidence.LogExporter;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The audit log and its views as messages. Every answer commits first, so that it shows what has just happened. */
final class AuditMessages {
    private static final int USUAL_ENTRIES = 1_000;
    private static final int MOST_ENTRIES = 10_000;
    private static final int CHUNK = 1 << 20;

    private AuditMessages() {}

    static AuditMatrixResponse matrix(AuditLog log, String appId) {
        log.commit();
        try (LogReader reader = log.reader()) {
            AuditMatrix all = AuditMatrix.of(TouchTable.of(reader));
            AuditMatrix wanted = appId.isEmpty() ? all : all.ofApp(appId);
            AuditMatrixResponse.Builder response = AuditMatrixResponse.newBuilder();
            wanted.rows().forEach(row -> response.addRows(row(row)));
            return response.build();
        }
    }

    private static AuditMatrixRow row(MatrixRow row) {
        AuditMatrixRow.Builder message = AuditMatrixRow.newBuilder()
                .setAppId(row.app())
                .setVersion(row.version())
                .setCapability(row.capability())
                .setDeclared(row.declared() != MatrixRow.Declared.NOT_REQUESTED)
                .setEffective(String.join("; ", row.effective()))
                .setRule(row.rule())
                .setNote(note(row));
        row.used().ifPresent(used -> use(message, used));
        row.denied().ifPresent(denied -> message.setDenied(denied.count()));
        return message.build();
    }

    private static void use(AuditMatrixRow.Builder message, Tally used) {
        message.setUsed(used.count()).setFirstUseUnixMs(used.firstMillis()).setLastUseUnixMs(used.lastMillis());
        if (used.least().isPresent() && used.greatest().isPresent()) {
            message.setRange(used.least().getAsDouble() + ".." + used.greatest().getAsDouble());
        }
    }

    private static String note(MatrixRow row) {
        if (row.isOverPrivileged()) {
            return "over-privileged";
        }
        Optional<String> limit = row.nearLimit();
        return row.declared() == MatrixRow.Declared.NOT_REQUESTED ? "undeclared" : limit.orElse("");
    }

    static void entries(AuditLog log, long from, int limit, String appId, Consumer<AuditLogEntry> sink) {
        log.commit();
        int most = limit <= 0 ? USUAL_ENTRIES : Math.min(limit, MOST_ENTRIES);
        try (LogReader reader = log.reader()) {
            long size = reader.size();
            long first = Math.clamp(from, reader.firstRetained(), size);
            int[] told = {0};
            reader.visit(first, size, (index, bytes) -> {
                if (appId.isEmpty() || LogReader.parse(index, bytes).getAppId().equals(appId)) {
                    sink.accept(AuditLogEntry.newBuilder()
                            .setIndex(index)
                            .setEntry(ByteString.copyFrom(bytes))
                            .setLeafHash(new TreeHasher().leaf(bytes).toString())
                            .build());
                    told[0]++;
                }
                return told[0] < most;
            });
        }
    }

    /** Signs the head first, so that what is exported can be verified to its end. */
    static void export(AuditLog log, Consumer<FileChunk> sink) {
        log.checkpoint();
        try (LogReader reader = log.reader()) {
            new LogExporter(reader)
                    .export((path, content) -> chunks(path, content).forEach(sink));
        }
    }

    private static List<FileChunk> chunks(String path, byte[] content) {
        List<FileChunk> chunks = new ArrayList<>();
        for (int at = 0; at == 0 || at < content.length; at += CHUNK) {
            chunks.add(FileChunk.newBuilder()
                    .setPath(path)
                    .setData(ByteString.copyFrom(content, at, Math.min(CHUNK, content.length - at)))
                    .build());
        }
        return chunks;
    }
}
