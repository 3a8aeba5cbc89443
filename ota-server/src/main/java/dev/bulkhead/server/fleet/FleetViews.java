package dev.bulkhead.server.fleet;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.FleetMatrix;
import dev.bulkhead.server.store.AuditViewsTable;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The matrix of each vehicle and of the whole fleet. Matrices of vehicles are kept in memory until what is known of the
 * vehicle changes, so that the fleet's costs only what is new. Thread-safe.
 */
public final class FleetViews {
    /** Vehicles in the fleet's matrix, the first by id; a fleet that is larger asks vehicle by vehicle. */
    public static final int MOST_VEHICLES = 5_000;

    private record Known(long revision, AuditMatrix matrix) {}

    private final Database database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> known = new HashMap<>();
    private FleetMatrix fleet = FleetMatrix.of(Map.of());

    public FleetViews(Database database) {
        this.database = database;
    }

    /** The matrix of all vehicles together. */
    public FleetMatrix fleet() {
        lock.lock();
        try {
            if (refresh()) {
                Map<String, AuditMatrix> byVehicle = new TreeMap<>();
                known.forEach((vehicle, each) -> byVehicle.put(vehicle, each.matrix()));
                fleet = FleetMatrix.of(byVehicle);
            }
            return fleet;
        } finally {
            lock.unlock();
        }
    }

    private boolean refresh() {
        Map<String, Long> revisions = database.read(tx -> tx.auditViews().revisions(MOST_VEHICLES));
        boolean changed = known.keySet().retainAll(revisions.keySet());
        for (Map.Entry<String, Long> each : revisions.entrySet()) {
            Known before = known.get(each.getKey());
            if (before == null || before.revision() != each.getValue()) {
                vehicle(each.getKey())
                        .ifPresent(matrix -> known.put(each.getKey(), new Known(each.getValue(), matrix)));
                changed = true;
            }
        }
        return changed;
    }

    /** The matrix of some vehicles together; those of which nothing is known are left out. */
    public FleetMatrix of(List<String> vehicles) {
        Map<String, AuditMatrix> byVehicle = new TreeMap<>();
        vehicles.stream()
                .limit(MOST_VEHICLES)
                .forEach(id -> vehicle(id).ifPresent(matrix -> byVehicle.put(id, matrix)));
        return FleetMatrix.of(byVehicle);
    }

    /** The matrix of one vehicle, as far as it was told; empty if nothing was. */
    public Optional<AuditMatrix> vehicle(String id) {
        return database.read(tx -> tx.auditViews().state(id).map(state -> matrix(tx, id, state)));
    }

    private static AuditMatrix matrix(Transaction tx, String id, AuditViewsTable.State state) {
        List<AuditEntry> declarations = tx.auditViews().declared(id).stream()
                .map(row -> LogReader.parse(row.index(), row.entry()))
                .toList();
        return AuditMatrix.of(new TouchTable(
                "bulkhead/vehicle/" + id,
                state.size(),
                declarations,
                tx.auditViews().touches(id)));
    }
}
