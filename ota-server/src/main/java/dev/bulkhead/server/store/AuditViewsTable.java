package dev.bulkhead.server.store;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The views of the vehicles' audit logs: what was declared, and how often what was touched. */
public final class AuditViewsTable {
    private static final String KEY = " WHERE vehicle_id = :vehicle AND app_id = :app AND version = :version";
    private static final String TOUCH_KEY =
            KEY + " AND vendor = :vendor AND kind = :kind AND access = :access AND rule = :rule";

    private final Handle handle;

    AuditViewsTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * How much is known of one vehicle.
     *
     * @param told up to which entry
     * @param size entries in the log when it was told last
     * @param firstRetained sums count from this entry on
     * @param receivedAt Unix time in ms
     * @param revision rises with each change
     */
    public record State(String vehicleId, long told, long size, long firstRetained, long receivedAt, long revision) {}

    /** A declaration: the entry, and the tlog-proof that it stands in the log. */
    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    public record Declared(String appId, String version, long index, byte[] entry, byte[] proof) {}

    /**
     * A sum.
     *
     * @param proof tlog-proof of its newest entry; empty for plain use
     */
    public record Sum(Touch touch, Tally tally, Optional<byte[]> proof) {}

    /** How much is known of a vehicle. */
    public Optional<State> state(String vehicleId) {
        return handle.createQuery("SELECT * FROM audit_views WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .map((row, context) -> state(row))
                .findOne();
    }

    /** Notes how much is known; the revision of {@code state} is ignored, it rises by one. */
    public void setState(State state) {
        handle.createUpdate("INSERT INTO audit_views VALUES (:vehicleId, :told, :size, :firstRetained, :receivedAt, 1)"
                        + " ON CONFLICT (vehicle_id) DO UPDATE SET told = excluded.told, size = excluded.size,"
                        + " first_retained = excluded.first_retained, received_at = excluded.received_at,"
                        + " revision = revision + 1")
                .bindMethods(state)
                .execute();
    }

    /** The revision of each vehicle's views, the first {@code limit} vehicles by id. */
    public Map<String, Long> revisions(int limit) {
        Map<String, Long> revisions = new TreeMap<>();
        handle.createQuery("SELECT vehicle_id, revision FROM audit_views ORDER BY vehicle_id LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(entry -> revisions.put(entry.getKey(), entry.getValue()));
        return revisions;
    }

    /** Keeps the newest declaration of an app version. */
    public void declare(String vehicleId, Declared declared) {
        handle.createUpdate("INSERT OR REPLACE INTO audit_declared VALUES (:vehicle, :appId, :version, :index, :entry,"
                        + " :proof)")
                .bind("vehicle", vehicleId)
                .bindMethods(declared)
                .execute();
    }

    /** The declarations of a vehicle, by app and version. */
    public List<Declared> declared(String vehicleId) {
        return handle.createQuery("SELECT * FROM audit_declared WHERE vehicle_id = :vehicle ORDER BY app_id, version")
                .bind("vehicle", vehicleId)
                .map((row, context) -> new Declared(
                        row.getString("app_id"),
                        row.getString("version"),
                        row.getLong("entry_index"),
                        row.getBytes("entry"),
                        row.getBytes("proof")))
                .list();
    }

    /** Forgets what is known of a vehicle's views. */
    public void forget(String vehicleId) {
        for (String table : List.of("audit_touch", "audit_declared", "audit_views")) {
            handle.createUpdate("DELETE FROM " + table + " WHERE vehicle_id = :vehicle")
                    .bind("vehicle", vehicleId)
                    .execute();
        }
    }

    /** How many things are kept of a vehicle. */
    public long count(String vehicleId) {
        return handle.createQuery("SELECT (SELECT count(*) FROM audit_touch WHERE vehicle_id = :vehicle)"
                        + " + (SELECT count(*) FROM audit_declared WHERE vehicle_id = :vehicle)")
                .bind("vehicle", vehicleId)
                .mapTo(Long.class)
                .one();
    }

    /** The sum that is kept of one touch. */
    public Optional<Tally> tally(String vehicleId, Touch touch) {
        return handle.createQuery("SELECT * FROM audit_touch" + TOUCH_KEY)
                .bind("vehicle", vehicleId)
                .bindMap(keys(touch))
                .map((row, context) -> tally(row))
                .findOne();
    }

    /** Keeps a sum in the place of the last one. */
    public void put(String vehicleId, Sum sum) {
        Tally tally = sum.tally();
        Update update = handle.createUpdate("INSERT OR REPLACE INTO audit_touch VALUES (:vehicle, :app, :version,"
                        + " :vendor, :kind, :access, :rule, :count, :bytes, :firstMillis, :lastMillis, :firstIndex,"
                        + " :lastIndex, :low, :high, :peakPerSecond, :proof)")
                .bind("vehicle", vehicleId)
                .bindMap(keys(sum.touch()))
                .bindMethods(tally);
        update.bind("low", boxed(tally.least()))
                .bind("high", boxed(tally.greatest()))
                .bind("proof", sum.proof().orElse(null))
                .execute();
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static Map<String, String> keys(Touch touch) {
        return Map.of(
                "app", touch.app(),
                "version", touch.version(),
                "vendor", touch.vendor(),
                "kind", touch.kind().name(),
                "access", touch.access(),
                "rule", touch.rule());
    }

    /** All sums of a vehicle. */
    public Map<Touch, Tally> touches(String vehicleId) {
        Map<Touch, Tally> touches = new HashMap<>();
        handle.createQuery("SELECT * FROM audit_touch WHERE vehicle_id = :vehicle")
                .bind("vehicle", vehicleId)
                .map((row, context) -> Map.entry(touch(row), tally(row)))
                .forEach(entry -> touches.put(entry.getKey(), entry.getValue()));
        return touches;
    }

    /** The tlog-proof of an entry, if that is one of those that were shown. */
    public Optional<byte[]> proof(String vehicleId, long index) {
        return handle.createQuery("SELECT proof FROM audit_touch WHERE vehicle_id = :vehicle AND last_index = :index"
                        + " AND proof IS NOT NULL UNION ALL SELECT proof FROM audit_declared"
                        + " WHERE vehicle_id = :vehicle AND entry_index = :index LIMIT 1")
                .bind("vehicle", vehicleId)
                .bind("index", index)
                .mapTo(byte[].class)
                .findOne();
    }

    private static State state(ResultSet row) throws SQLException {
        return new State(
                row.getString("vehicle_id"),
                row.getLong("told"),
                row.getLong("size"),
                row.getLong("first_retained"),
                row.getLong("received_at"),
                row.getLong("revision"));
    }

    private static Touch touch(ResultSet row) throws SQLException {
        return new Touch(
                row.getString("app_id"),
                row.getString("version"),
                row.getString("vendor"),
                Touch.Kind.valueOf(row.getString("kind")),
                row.getString("access"),
                row.getString("rule"));
    }

    private static Tally tally(ResultSet row) throws SQLException {
        return new Tally(
                row.getLong("count"),
                row.getLong("bytes"),
                row.getLong("first_ms"),
                row.getLong("last_ms"),
                row.getLong("first_index"),
                row.getLong("last_index"),
                real(row, "least"),
                real(row, "greatest"),
                row.getDouble("peak"));
    }

    private static OptionalDouble real(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
