package dev.bulkhead.server.store;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Refusals, attacks reported and nonsense received, newest kept. */
public final class IncidentTable {
    /** Most rows kept; the oldest go first. */
    public static final int MOST = 10_000;

    private final Handle handle;

    IncidentTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * One incident.
     *
     * @param at Unix time in ms
     * @param vehicleId empty when nobody could be named
     * @param cause a stable word
     * @param detail for people
     */
    public record Row(long at, String vehicleId, String cause, String detail) {}

    /** Adds incidents and forgets the oldest beyond {@link #MOST}. */
    public void add(List<Row> rows) {
        for (Row row : rows) {
            handle.createUpdate("INSERT INTO incident (at, vehicle_id, cause, detail)"
                            + " VALUES (:at, :vehicleId, :cause, :detail)")
                    .bindMethods(row)
                    .execute();
        }
        handle.createUpdate("DELETE FROM incident WHERE id <= (SELECT MAX(id) FROM incident) - :most")
                .bind("most", MOST)
                .execute();
    }

    /** The newest incidents first, at most {@code limit}. */
    public List<Row> newest(int limit) {
        return handle.createQuery("SELECT at, vehicle_id, cause, detail FROM incident ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> new Row(
                        row.getLong("at"),
                        row.getString("vehicle_id"),
                        row.getString("cause"),
                        row.getString("detail")))
                .list();
    }
}
