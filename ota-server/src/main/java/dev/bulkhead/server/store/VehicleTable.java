package dev.bulkhead.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Vehicles and what is installed on them. */
public final class VehicleTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS = "id, blocked, online, first_seen, last_seen, agent_version, attributes,"
            + " public_key, audit_key, manifest_at, director_root, image_root";

    private final Handle handle;

    VehicleTable(Handle handle) {
        this.handle = handle;
    }

    /** Notes that a vehicle was seen, making it known when it is new. True when it was new. */
    public boolean seen(String id, long now) {
        int added = handle.createUpdate("INSERT INTO vehicle (id, first_seen, last_seen) VALUES (:id, :now, :now)"
                        + " ON CONFLICT (id) DO NOTHING")
                .bind("id", id)
                .bind("now", now)
                .execute();
        if (added == 0) {
            update("UPDATE vehicle SET last_seen = :now WHERE id = :id", id, "now", now);
        }
        return added == 1;
    }

    /** Notes the key of the certificate a vehicle connected with. */
    public void setPublicKey(String id, String pem) {
        update("UPDATE vehicle SET public_key = :pem WHERE id = :id", id, "pem", pem);
    }

    /** Pins the verifier key of the vehicle's audit log. */
    public void setAuditKey(String id, String key) {
        update("UPDATE vehicle SET audit_key = :key WHERE id = :id", id, "key", key);
    }

    /** Notes whether the vehicle is connected. */
    public void setOnline(String id, boolean online) {
        update("UPDATE vehicle SET online = :online WHERE id = :id", id, "online", online ? 1 : 0);
    }

    /** Notes that no vehicle is connected: so it is when the server starts. */
    public void setAllOffline() {
        handle.execute("UPDATE vehicle SET online = 0 WHERE online <> 0");
    }

    /** Blocks or unblocks a vehicle; false when it is not known. */
    public boolean setBlocked(String id, boolean blocked) {
        return update("UPDATE vehicle SET blocked = :blocked WHERE id = :id", id, "blocked", blocked ? 1 : 0) == 1;
    }

    /** From when on certificates that were not given out here count, Unix time in ms; 0 = always. */
    public long certificatesFrom(String id) {
        return handle.createQuery("SELECT certificates_from FROM vehicle WHERE id = :id")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Lets certificates that were not given out here count from then on only. */
    public void setCertificatesFrom(String id, long at) {
        update("UPDATE vehicle SET certificates_from = :at WHERE id = :id", id, "at", at);
    }

    /** Keeps what a hello said. */
    public void setHello(String id, String agentVersion, Map<String, String> attributes) {
        handle.createUpdate("UPDATE vehicle SET agent_version = :agent, attributes = :attributes, online = 1"
                        + " WHERE id = :id")
                .bind("id", id)
                .bind("agent", agentVersion)
                .bind("attributes", toJson(attributes))
                .execute();
    }

    /** Keeps which roots a vehicle said it believes. */
    public void setRoots(String id, long director, long image) {
        handle.createUpdate("UPDATE vehicle SET director_root = :director, image_root = :image WHERE id = :id")
                .bind("id", id)
                .bind("director", director)
                .bind("image", image)
                .execute();
    }

    /** Sets the nonce that the next version manifest must carry. */
    public void setManifestNonce(String id, byte[] nonce) {
        update("UPDATE vehicle SET manifest_nonce = :nonce WHERE id = :id", id, "nonce", nonce);
    }

    /** The nonce that the next version manifest must carry, if one was given out. */
    public Optional<byte[]> manifestNonce(String id) {
        return handle.createQuery("SELECT manifest_nonce FROM vehicle WHERE id = :id AND manifest_nonce IS NOT NULL")
                .bind("id", id)
                .mapTo(byte[].class)
                .findOne();
    }

    /** When the newest attack it reported was seen, Unix time in ms of its clock; 0 = none. */
    public long attackAt(String id) {
        return handle.createQuery("SELECT attack_at FROM vehicle WHERE id = :id")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Notes when the newest attack it reported was seen. */
    public void setAttackAt(String id, long at) {
        update("UPDATE vehicle SET attack_at = :at WHERE id = :id", id, "at", at);
    }

    /** Replaces what is installed on a vehicle by what its version manifest says. */
    public void setInstalled(String id, List<InstalledRow> installed, long now) {
        update("UPDATE vehicle SET manifest_at = :now WHERE id = :id", id, "now", now);
        handle.createUpdate("DELETE FROM installed WHERE vehicle_id = :id")
                .bind("id", id)
                .execute();
        for (InstalledRow row : installed) {
            handle.createUpdate("INSERT INTO installed (vehicle_id, app_id, version, counter, sha256, phase)"
                            + " VALUES (:id, :app, :version, :counter, :sha256, :phase)")
                    .bind("id", id)
                    .bind("app", row.appId())
                    .bind("version", row.version())
                    .bind("counter", row.counter())
                    .bind("sha256", row.sha256())
                    .bind("phase", row.phase())
                    .execute();
        }
    }

    /** What is installed on a vehicle, by app id. */
    public List<InstalledRow> installed(String id) {
        return handle.createQuery("SELECT app_id, version, counter, sha256, phase FROM installed"
                        + " WHERE vehicle_id = :id ORDER BY app_id")
                .bind("id", id)
                .map((row, context) -> new InstalledRow(
                        row.getString("app_id"),
                        row.getString("version"),
                        row.getLong("counter"),
                        row.getString("sha256"),
                        row.getString("phase")))
                .list();
    }

    /** One vehicle. */
    public Optional<VehicleRow> find(String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM vehicle WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> vehicle(row))
                .findOne();
    }

    /** All vehicles by id, at most {@code limit} after the given id (exclusive; empty = from the start). */
    public List<VehicleRow> list(String after, int limit) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM vehicle WHERE id > :after ORDER BY id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> vehicle(row))
                .list();
    }

    /** The ids of all vehicles that are not blocked, in order. */
    public List<String> activeIds() {
        return handle.createQuery("SELECT id FROM vehicle WHERE blocked = 0 ORDER BY id")
                .mapTo(String.class)
                .list();
    }

    private int update(String sql, String id, String name, Object value) {
        return handle.createUpdate(sql).bind("id", id).bind(name, value).execute();
    }

    private static VehicleRow vehicle(ResultSet row) throws SQLException {
        return new VehicleRow(
                row.getString("id"),
                row.getInt("blocked") != 0,
                row.getInt("online") != 0,
                row.getLong("first_seen"),
                row.getLong("last_seen"),
                row.getString("agent_version"),
                fromJson(row.getString("attributes")),
                row.getString("public_key"),
                row.getString("audit_key"),
                row.getLong("manifest_at"),
                row.getLong("director_root"),
                row.getLong("image_root"));
    }

    private static String toJson(Map<String, String> attributes) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(attributes));
        } catch (JsonProcessingException e) {
            throw new StoreException("attributes cannot be written", e);
        }
    }

    private static Map<String, String> fromJson(String text) {
        try {
            return JSON.readValue(text, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new StoreException("attributes in the database are damaged", e);
        }
    }
}
