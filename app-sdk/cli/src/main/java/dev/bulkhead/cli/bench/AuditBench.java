package dev.bulkhead.cli.bench;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.audit.UsageCounters;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counting and appending. */
final class AuditBench {
    private static final String ORIGIN = "bulkhead/vehicle/BENCH";
    private static final int GROUP_MILLIS = 50;
    private static final long SECONDS = 5;
    private static final long READS = 200_000_000;

    private AuditBench() {}

    /** Reads of a value with their counter, while another thread drains the counter a thousand times a second. */
    static Measurement countedReads() {
        var counters = new UsageCounters(InstantSource.system());
        UsageCounter counter =
                counters.open(new AuditedApp("com.bench.app", "1", "bench"), "signal Vehicle.Speed read");
        double[] signals = new double[64];
        var done = new AtomicBoolean();
        Thread drainer = Thread.ofPlatform().start(() -> drain(counters, done));
        reads(counter, signals, READS / 10);
        long begin = System.nanoTime();
        double sum = reads(counter, signals, READS);
        double perSecond = READS * 1e9 / (System.nanoTime() - begin);
        done.set(true);
        join(drainer);
        String how = "array read and counter, summarised 1000 times a second by another thread" + (sum < 0 ? "!" : "");
        return new Measurement("audited signal reads, summarised, one core", perSecond, "reads/s", 20e6, true, how);
    }

    private static double reads(UsageCounter counter, double[] signals, long times) {
        double sum = 0;
        for (long i = 0; i < times; i++) {
            counter.touch();
            sum += signals[(int) (i & 63)];
        }
        return sum;
    }

    private static void drain(UsageCounters counters, AtomicBoolean done) {
        while (!done.get()) {
            counters.flush(entry -> 0);
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Appends as fast as the log takes them; a second thread commits every 50 ms, as in a vehicle. */
    static Measurement durableAppends(Path file) {
        try (AuditLog log = AuditLog.open(file, AuditSettings.of(ORIGIN), BenchKey.make(), InstantSource.system())) {
            var done = new AtomicBoolean();
            Thread committer = Thread.ofPlatform().start(() -> commit(log, done));
            appendFor(log, SECONDS / 2 + 1);
            long first = log.durableSize();
            long begin = System.nanoTime();
            appendFor(log, SECONDS);
            done.set(true);
            join(committer);
            log.commit();
            double perSecond = (log.durableSize() - first) * 1e9 / (System.nanoTime() - begin);
            return new Measurement(
                    "individually recorded entries, durable, grouped",
                    perSecond,
                    "entries/s",
                    20_000,
                    true,
                    "actuations from one thread, committed at least every 50 ms, synchronous=FULL");
        }
    }

    private static void appendFor(AuditLog log, long seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; System.nanoTime() < end; i++) {
            log.append(actuated(i));
        }
    }

    private static void commit(AuditLog log, AtomicBoolean done) {
        while (!done.get()) {
            log.commit();
            try {
                Thread.sleep(GROUP_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    static AuditEntry actuated(long i) {
        return AuditEntry.newBuilder()
                .setAppId("com.bench.app" + i % 50)
                .setVersion("1.0.0")
                .setVendor("bench")
                .setActuated(AuditEntry.Actuated.newBuilder()
                        .setPath("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed")
                        .setOperation(AuditEntry.Actuated.Operation.SET)
                        .setNumber((double) (i % 100)))
                .build();
    }
}
