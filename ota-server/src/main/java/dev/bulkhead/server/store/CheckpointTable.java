package dev.bulkhead.server.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The last audit checkpoint of each vehicle. */
public final class CheckpointTable {
    private final Handle handle;

    CheckpointTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * A checkpoint as it came.
     *
     * @param note the signed note
     * @param size entries in the log
     * @param root Merkle root, lower-case hex
     * @param receivedAt Unix time in ms
     */
    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    public record Row(String vehicleId, byte[] note, long size, String root, long receivedAt) {}

    /** Replaces a vehicle's checkpoint. */
    public void set(Row row) {
        handle.createUpdate("INSERT INTO checkpoint (vehicle_id, note, size, root, received_at)"
                        + " VALUES (:vehicleId, :note, :size, :root, :receivedAt) ON CONFLICT (vehicle_id) DO UPDATE"
                        + " SET note = excluded.note, size = excluded.size, root = excluded.root,"
                        + " received_at = excluded.received_at")
                .bindMethods(row)
                .execute();
    }

    /** Forgets a vehicle's last checkpoint. */
    public void forget(String vehicleId) {
        handle.createUpdate("DELETE FROM checkpoint WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .execute();
    }

    /** A vehicle's last checkpoint. */
    public Optional<Row> find(String vehicleId) {
        return handle.createQuery("SELECT vehicle_id, note, size, root, received_at FROM checkpoint"
                        + " WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .map((row, context) -> new Row(
                        row.getString("vehicle_id"),
                        row.getBytes("note"),
                        row.getLong("size"),
                        row.getString("root"),
                        row.getLong("received_at")))
                .findOne();
    }
}
