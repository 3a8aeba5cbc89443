package dev.bulkhead.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Vehicles' certificates: those given out here until some time after they ended, and those taken back. */
public final class CertificateTable {
    private static final String SELECT =
            "SELECT serial, vehicle_id, issued_at, not_after, revoked_at, reason FROM certificate ";

    private final Handle handle;

    CertificateTable(Handle handle) {
        this.handle = handle;
    }

    /** Notes a certificate that is about to be given out. */
    public void add(CertificateRow row) {
        handle.createUpdate("INSERT INTO certificate (serial, vehicle_id, issued_at, not_after, revoked_at, reason)"
                        + " VALUES (:serial, :vehicleId, :issuedAt, :notAfter, :revokedAt, :reason)")
                .bindMethods(row)
                .execute();
    }

    /** One certificate. */
    public Optional<CertificateRow> find(String serial) {
        return handle.createQuery(SELECT + "WHERE serial = :serial")
                .bind("serial", serial)
                .map((row, context) -> certificate(row))
                .findOne();
    }

    /** A vehicle's certificates, newest first, at most {@code limit}. */
    public List<CertificateRow> of(String vehicleId, int limit) {
        return handle.createQuery(SELECT + "WHERE vehicle_id = :vehicle ORDER BY issued_at DESC, serial LIMIT :limit")
                .bind("vehicle", vehicleId)
                .bind("limit", limit)
                .map((row, context) -> certificate(row))
                .list();
    }

    /** How many a vehicle was given since then, Unix time in ms. */
    public long issuedSince(String vehicleId, long since) {
        return handle.createQuery(
                        "SELECT COUNT(*) FROM certificate WHERE vehicle_id = :vehicle AND issued_at >= :since")
                .bind("vehicle", vehicleId)
                .bind("since", since)
                .mapTo(Long.class)
                .one();
    }

    /** Takes back every certificate of a vehicle that was given out here and still stands. */
    public void revokeAll(String vehicleId, long now, String reason) {
        handle.createUpdate("UPDATE certificate SET revoked_at = :now, reason = :reason"
                        + " WHERE vehicle_id = :vehicle AND revoked_at = 0")
                .bind("vehicle", vehicleId)
                .bind("now", now)
                .bind("reason", reason)
                .execute();
    }

    /** Takes one certificate back, also one that was not given out here; one taken back before stays as it is. */
    public void revoke(String serial, String vehicleId, long now, String reason) {
        handle.createUpdate("INSERT INTO certificate (serial, vehicle_id, issued_at, not_after, revoked_at, reason)"
                        + " VALUES (:serial, :vehicle, 0, 0, :now, :reason) ON CONFLICT (serial) DO UPDATE"
                        + " SET revoked_at = excluded.revoked_at, reason = excluded.reason WHERE revoked_at = 0")
                .bind("serial", serial)
                .bind("vehicle", vehicleId)
                .bind("now", now)
                .bind("reason", reason)
                .execute();
    }

    /** Forgets a vehicle's certificates that ended before this time, Unix time in ms. */
    public void forgetEnded(String vehicleId, long before) {
        handle.createUpdate(
                        "DELETE FROM certificate WHERE vehicle_id = :vehicle AND not_after > 0 AND not_after < :before")
                .bind("vehicle", vehicleId)
                .bind("before", before)
                .execute();
    }

    private static CertificateRow certificate(ResultSet row) throws SQLException {
        return new CertificateRow(
                row.getString("serial"),
                row.getString("vehicle_id"),
                row.getLong("issued_at"),
                row.getLong("not_after"),
                row.getLong("revoked_at"),
                row.getString("reason"));
    }
}
