package dev.bulkhead.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rollouts and which vehicle stands in which of their groups. */
public final class RolloutTable {
    private static final String SELECT =
            "SELECT id, plan, fallback, phase, group_index, since, detail, revision FROM rollout ";

    private final Handle handle;

    RolloutTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * A vehicle's place.
     *
     * @param group index of its group
     * @param previousVersion what it was to run before, or empty
     * @param previousAssignment which assignment said so, or empty
     */
    public record Place(String vehicleId, int group, String previousVersion, String previousAssignment) {}

    /** Adds a rollout and its vehicles. */
    public void add(RolloutRow row, List<Place> places) {
        handle.createUpdate("INSERT INTO rollout (id, plan, fallback, phase, group_index, since, detail, revision)"
                        + " VALUES (:id, :plan, :fallback, :phase, :group, :since, :detail, :revision)")
                .bindMethods(row)
                .execute();
        for (Place place : places) {
            handle.createUpdate("INSERT INTO rollout_vehicle (rollout_id, vehicle_id, group_index, previous_version,"
                            + " previous_assignment) VALUES (:id, :vehicleId, :group, :previousVersion,"
                            + " :previousAssignment)")
                    .bind("id", row.id())
                    .bindMethods(place)
                    .execute();
        }
    }

    /** Adds an app that goes out together with a rollout's first one; an empty fallback = none. */
    public void addCompanion(String id, String appId, String fallback) {
        handle.createUpdate(
                        "INSERT INTO rollout_companion (rollout_id, app_id, fallback) VALUES (:id, :app, :fallback)")
                .bind("id", id)
                .bind("app", appId)
                .bind("fallback", fallback)
                .execute();
    }

    /** The fallback of each app beside the first, by app id. */
    public Map<String, String> companions(String id) {
        return handle.createQuery("SELECT app_id, fallback FROM rollout_companion WHERE rollout_id = :id")
                .bind("id", id)
                .map((row, context) -> Map.entry(row.getString("app_id"), row.getString("fallback")))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Notes what a vehicle is to run of a companion before the rollout reaches it. */
    public void addBefore(String id, DesiredRow before) {
        handle.createUpdate("INSERT INTO rollout_companion_before (rollout_id, vehicle_id, app_id, version, assignment)"
                        + " VALUES (:id, :vehicleId, :appId, :version, :assignmentId)")
                .bind("id", id)
                .bindMethods(before)
                .execute();
    }

    /** What was noted of a vehicle's companions. */
    public List<DesiredRow> before(String id, String vehicleId) {
        return handle.createQuery("SELECT app_id, version, assignment FROM rollout_companion_before"
                        + " WHERE rollout_id = :id AND vehicle_id = :vehicle")
                .bind("id", id)
                .bind("vehicle", vehicleId)
                .map((row, context) -> new DesiredRow(
                        vehicleId, row.getString("app_id"), row.getString("version"), row.getString("assignment")))
                .list();
    }

    /** Replaces a rollout's state if nobody else has since; false when the revision is not one more than the stored one. */
    public boolean advance(RolloutRow row) {
        return handle.createUpdate("UPDATE rollout SET phase = :phase, group_index = :group, since = :since,"
                                + " detail = :detail, revision = :revision WHERE id = :id AND revision = :seen")
                        .bindMethods(row)
                        .bind("seen", row.revision() - 1)
                        .execute()
                == 1;
    }

    /** One rollout. */
    public Optional<RolloutRow> find(String id) {
        return handle.createQuery(SELECT + "WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> rollout(row))
                .findOne();
    }

    /** Rollouts in one of these phases, by id. */
    public List<RolloutRow> inPhases(List<String> phases) {
        return handle.createQuery(SELECT + "WHERE phase IN (<phases>) ORDER BY id")
                .bindList("phases", phases)
                .map((row, context) -> rollout(row))
                .list();
    }

    /** The newest rollouts first, at most {@code limit}. */
    public List<RolloutRow> newest(int limit) {
        return handle.createQuery(SELECT + "JOIN assignment a USING (id) ORDER BY a.created_at DESC, id LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> rollout(row))
                .list();
    }

    /** The places of a rollout's vehicles, by group and vehicle. */
    public List<Place> places(String id) {
        return handle.createQuery("SELECT vehicle_id, group_index, previous_version, previous_assignment"
                        + " FROM rollout_vehicle"
                        + " WHERE rollout_id = :id ORDER BY group_index, vehicle_id")
                .bind("id", id)
                .map((row, context) -> new Place(
                        row.getString("vehicle_id"),
                        row.getInt("group_index"),
                        row.getString("previous_version"),
                        row.getString("previous_assignment")))
                .list();
    }

    private static RolloutRow rollout(ResultSet row) throws SQLException {
        return new RolloutRow(
                row.getString("id"),
                row.getString("plan"),
                row.getString("fallback"),
                row.getString("phase"),
                row.getInt("group_index"),
                row.getLong("since"),
                row.getString("detail"),
                row.getLong("revision"));
    }
}
