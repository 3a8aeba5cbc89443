package dev.bulkhead.cli.bench;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.AuditSettings.OpenCheck;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A log of thirty days and fifty apps: proofs and the matrix. */
final class LargeLogBench {
    private static final long DAYS_MILLIS = 30L * 86_400_000;
    private static final long BEGIN_MILLIS = 1_790_000_000_000L;
    private static final int APPS = 50;
    private static final int ACCESSES = 20;
    private static final int PROOFS = 2000;

    private final Path file;
    private final long entries;
    private final BenchKey key = BenchKey.make();
    private long now = BEGIN_MILLIS;

    LargeLogBench(Path file, long entries) {
        this.file = file;
        this.entries = entries;
    }

    List<Measurement> run() {
        long begin = System.nanoTime();
        Checkpoint head = fill();
        double seconds = (System.nanoTime() - begin) / 1e9;
        Measurement filled = new Measurement(
                "writing that log, checkpoint included", entries / seconds, "entries/s", 20_000, true, "one thread");
        try (LogReader reader = LogReader.open(file)) {
            double[][] times = proofs(reader, head);
            return List.of(
                    filled,
                    proof("inclusion proof, make, median", times[0][PROOFS / 2], 5),
                    proof("inclusion proof, make, 99th percentile", times[0][PROOFS * 99 / 100], 5),
                    proof("inclusion proof, verify, median", times[1][PROOFS / 2], 0.2),
                    proof("inclusion proof, verify, 99th percentile", times[1][PROOFS * 99 / 100], 0.2),
                    matrix(reader));
        }
    }

    private Measurement proof(String name, double millis, double aim) {
        return new Measurement(name, millis, "ms", aim, false, PROOFS + " random entries of " + entries);
    }

    private Measurement matrix(LogReader reader) {
        long begin = System.nanoTime();
        AuditMatrix matrix = AuditMatrix.of(TouchTable.of(reader));
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Measurement(
                "audit matrix over 30 days, 50 apps, " + entries + " entries",
                seconds,
                "s",
                2,
                false,
                matrix.rows().size() + " rows, first run on a fresh connection");
    }

    private Checkpoint fill() {
        var settings = new AuditSettings("bulkhead/vehicle/BENCH", 8192, 0, OpenCheck.NEWEST);
        try (AuditLog log = AuditLog.open(file, settings, key, () -> Instant.ofEpochMilli(now), () -> Long.MAX_VALUE)) {
            for (int app = 0; app < APPS; app++) {
                log.append(declared(app));
            }
            for (long i = APPS; i < entries; i++) {
                now = BEGIN_MILLIS + DAYS_MILLIS * i / entries;
                log.append(i % 10 == 0 ? AuditBench.actuated(i / 10) : used(i));
            }
            return Checkpoint.parse(log.checkpoint().text());
        }
    }

    /** Milliseconds to make and to verify, sorted. */
    private double[][] proofs(LogReader reader, Checkpoint head) {
        var random = new Random(10);
        var hasher = new TreeHasher();
        double[][] times = new double[2][PROOFS];
        for (int i = 0; i < PROOFS; i++) {
            long index = random.nextLong(head.size());
            Hash leaf = hasher.leaf(reader.entry(index));
            long begin = System.nanoTime();
            List<Hash> proof = reader.tree(head.size()).inclusionProof(index);
            long made = System.nanoTime();
            boolean holds = Proofs.includes(index, leaf, head.size(), head.root(), proof);
            times[0][i] = (made - begin) / 1e6;
            times[1][i] = (System.nanoTime() - made) / 1e6;
            if (!holds) {
                throw new IllegalStateException("the proof of entry " + index + " does not hold");
            }
        }
        Arrays.sort(times[0]);
        Arrays.sort(times[1]);
        return times;
    }

    private static AuditEntry declared(int app) {
        AuditEntry.Declared.Builder declared = AuditEntry.Declared.newBuilder().setPolicyEpoch(1);
        for (int access = 0; access < ACCESSES; access++) {
            String line = access(access);
            declared.addRequests(AuditEntry.Declared.Request.newBuilder()
                    .setLine(line)
                    .addEffective(line)
                    .setRule("rule"));
        }
        return app(app).setDeclared(declared).build();
    }

    private AuditEntry used(long i) {
        return app((int) (i % APPS))
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess(access((int) (i / APPS % ACCESSES)))
                        .setSinceUnixMs(now - 1000)
                        .setCount(i % 1000))
                .build();
    }

    private static AuditEntry.Builder app(int app) {
        return AuditEntry.newBuilder()
                .setAppId("com.bench.app" + app)
                .setVersion("1.0.0")
                .setVendor("bench");
    }

    private static String access(int access) {
        return "signal Vehicle.Bench.Signal" + access + " read";
    }
}
