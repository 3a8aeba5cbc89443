package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.BrokerIncidents;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.IncidentTable;
import dev.bulkhead.server.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and keeps what was refused or made no sense. Recording never blocks and never fails: beyond the queue's bound
 * an incident is counted but not kept. Thread-safe.
 */
public final class IncidentLog implements BrokerIncidents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentLog.class);
    private static final int WAITING = 1_024;
    private static final int BATCH = 128;
    private static final int LONGEST_DETAIL = 500;

    private final Database database;
    private final InstantSource time;
    private final BlockingQueue<IncidentTable.Row> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicLong notKept = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    public IncidentLog(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
        this.writer = Thread.ofPlatform().name("incident-log").daemon(true).unstarted(this::writeAll);
    }

    /** Starts writing. Called once. */
    public void start() {
        writer.start();
    }

    /**
     * Records an incident.
     *
     * @param vehicleId empty when nobody can be named
     * @param cause a stable word of a small set: it becomes a metric label
     * @param detail for people; shortened when it is very long
     */
    public void record(String vehicleId, String cause, String detail) {
        counts.computeIfAbsent(cause, key -> new LongAdder()).increment();
        String kept = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
        if (!waiting.offer(new IncidentTable.Row(time.millis(), vehicleId, cause, kept))) {
            notKept.incrementAndGet();
        }
        LOG.info("{} {}: {}", cause, vehicleId, kept);
    }

    @Override
    public void refused(Refusal refusal) {
        record(refusal.vehicle().map(VehicleId::value).orElse(""), refusal.cause() + "-refused", refusal.detail());
    }

    /** How often each cause was met since the start. */
    public Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((cause, count) -> copy.put(cause, count.sum()));
        return copy;
    }

    private void writeAll() {
        List<IncidentTable.Row> batch = new ArrayList<>(BATCH);
        try {
            while (!closing || !waiting.isEmpty()) {
                batch.add(waiting.take());
                waiting.drainTo(batch, BATCH - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            waiting.drainTo(batch);
            write(batch);
        }
    }

    private void write(List<IncidentTable.Row> batch) {
        long lost = notKept.getAndSet(0);
        if (lost > 0) {
            batch.add(new IncidentTable.Row(time.millis(), "", "incidents-not-kept", lost + " more were not kept"));
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            database.write(tx -> {
                tx.incidents().add(batch);
                return batch.size();
            });
        } catch (StoreException e) {
            LOG.error("{} incidents could not be kept", batch.size(), e);
        }
    }

    /** Writes what waits and stops. */
    @Override
    public void close() {
        closing = true;
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
