package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditSettings.OpenCheck;
import dev.bulkhead.security.audit.note.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process with signal 9 while it commits and signs, again and again on the same log. */
class AuditPowerLossTest {
    private static final int ROUNDS = 6;

    @TempDir
    Path folder;

    /** The process that is killed: appends for ever, says what is durable. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            try (AuditLog log = AuditLog.open(file, settings(), AuditLogTest.SIGNER, InstantSource.system())) {
                for (int i = 0; ; i++) {
                    log.append(AuditEntry.newBuilder()
                            .setAppId("app")
                            .setUsed(AuditEntry.Used.newBuilder()
                                    .setAccess("signal A" + i % 50 + " read")
                                    .setCount(1))
                            .build());
                    if (i % 37 == 0) {
                        log.commit();
                        System.out.println("durable " + log.durableSize());
                    }
                    if (i % 333 == 0) {
                        long size = Checkpoint.open(
                                        log.checkpoint().bytes(), AuditLogTest.SIGNER.noteKey(AuditLogTest.ORIGIN))
                                .size();
                        System.out.println("signed " + size);
                    }
                }
            }
        }
    }

    @Test
    @Timeout(120)
    void losesNothingThatWasAcceptedAndBelievesNothingHalfWritten() throws Exception {
        Path file = folder.resolve("audit.db");
        for (int round = 0; round < ROUNDS; round++) {
            long[] promised = runAndKill(file, 20 + 35 * round);
            try (AuditLog log = AuditLog.open(file, settings(), AuditLogTest.SIGNER, InstantSource.system());
                    LogReader reader = log.reader()) {
                assertTrue(log.size() >= promised[0], log.size() + " of " + promised[0] + " entries are left");
                long signed = reader.newestCheckpoint()
                        .map(note -> Checkpoint.open(note, AuditLogTest.SIGNER.noteKey(AuditLogTest.ORIGIN)))
                        .map(Checkpoint::size)
                        .orElse(0L);
                assertTrue(signed >= promised[1], "a checkpoint of " + promised[1] + " was lost");
                TouchTable.Adder adder = new TouchTable.Adder();
                reader.visit(0, log.size(), (index, bytes) -> {
                    adder.add(index, LogReader.parse(index, bytes));
                    return true;
                });
                assertEquals(adder.table("").touches(), TouchTable.of(reader).touches());
            }
        }
    }

    /** Lets the writer say so many lines, then kills it; returns the last sizes it called durable and signed. */
    private static long[] runAndKill(Path file, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long[] promised = new long[2];
        try (BufferedReader out = process.inputReader()) {
            for (int i = 0; i < lines; i++) {
                note(out.readLine(), promised);
            }
            process.toHandle().destroyForcibly();
            // what the process said before it died counts too
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                note(line, promised);
            }
        }
        process.waitFor();
        return promised;
    }

    private static void note(String line, long[] promised) {
        String[] words = line.split(" ", 2);
        if (words.length == 2 && words[1].matches("[0-9]+") && !words[0].isEmpty()) {
            promised[words[0].equals("signed") ? 1 : 0] = Long.parseLong(words[1]);
        }
    }

    private static AuditSettings settings() {
        return new AuditSettings(AuditLogTest.ORIGIN, 8192, 0, OpenCheck.EVERYTHING);
    }
}
