package dev.bulkhead.server.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Vehicles whose audit log contradicts what they signed before. */
public final class AuditConflictTable {
    private final Handle handle;

    AuditConflictTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * A contradiction; the first of a vehicle stays.
     *
     * @param why one sentence
     * @param held the signed note that was believed
     * @param offered the signed note that contradicts it
     * @param firstAt Unix time in ms
     * @param times how often it was met since
     */
    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    public record Row(
            String vehicleId, String why, byte[] held, byte[] offered, long firstAt, long lastAt, long times) {}

    /** Notes a contradiction: the first with its evidence, later ones as a number. */
    public void note(String vehicleId, String why, byte[] held, byte[] offered, long now) {
        handle.createUpdate("INSERT INTO audit_conflict VALUES (:vehicle, :why, :held, :offered, :now, :now, 1)"
                        + " ON CONFLICT (vehicle_id) DO UPDATE SET last_at = excluded.last_at, times = times + 1")
                .bind("vehicle", vehicleId)
                .bind("why", why)
                .bind("held", held)
                .bind("offered", offered)
                .bind("now", now)
                .execute();
    }

    /** Forgets the contradiction of a vehicle. */
    public void forget(String vehicleId) {
        handle.createUpdate("DELETE FROM audit_conflict WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .execute();
    }

    /** The contradiction of a vehicle. */
    public Optional<Row> find(String vehicleId) {
        return handle.createQuery("SELECT * FROM audit_conflict WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .map((row, context) -> new Row(
                        row.getString("vehicle_id"),
                        row.getString("why"),
                        row.getBytes("held"),
                        row.getBytes("offered"),
                        row.getLong("first_at"),
                        row.getLong("last_at"),
                        row.getLong("times")))
                .findOne();
    }
}
