package dev.bulkhead.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Assignments, one action per vehicle and assignment, every change of state, and the desired state they add up to. */
public final class AssignmentTable {
    private static final String ACTION =
            "SELECT assignment_id, vehicle_id, app_id, version, state, done, total, reason,"
                    + " detail, updated_at, revision FROM action ";
    private static final String ASSIGNMENT =
            "SELECT id, app_id, version, whole_fleet, created_at, ensemble FROM assignment ";

    private final Handle handle;

    AssignmentTable(Handle handle) {
        this.handle = handle;
    }

    /** Adds an assignment; the id is new. */
    public void add(AssignmentRow row) {
        handle.createUpdate("INSERT INTO assignment (id, app_id, version, whole_fleet, created_at, ensemble)"
                        + " VALUES (:id, :appId, :version, :whole, :createdAt, :ensemble)")
                .bindMethods(row)
                .bind("whole", row.wholeFleet() ? 1 : 0)
                .execute();
    }

    /** Makes an assignment one that vehicles inherit when they join. */
    public void setWholeFleet(String id) {
        handle.createUpdate("UPDATE assignment SET whole_fleet = 1 WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** One assignment. */
    public Optional<AssignmentRow> find(String id) {
        return handle.createQuery(ASSIGNMENT + "WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> assignment(row))
                .findOne();
    }

    /** The newest assignments first, at most {@code limit}. */
    public List<AssignmentRow> newest(int limit) {
        return handle.createQuery(ASSIGNMENT + "ORDER BY created_at DESC, id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> assignment(row))
                .list();
    }

    /** The newest assignment to the whole fleet of each app: what a vehicle that joins late inherits. */
    public List<AssignmentRow> inherited() {
        return handle.createQuery(ASSIGNMENT
                        + "a WHERE whole_fleet = 1 AND NOT EXISTS (SELECT 1 FROM assignment b WHERE b.app_id = a.app_id"
                        + " AND b.whole_fleet = 1 AND (b.created_at > a.created_at"
                        + " OR (b.created_at = a.created_at AND b.id > a.id))) ORDER BY app_id")
                .map((row, context) -> assignment(row))
                .list();
    }

    /** The assignments that are one ensemble, by app id. */
    public List<AssignmentRow> ensemble(String ensemble) {
        return handle.createQuery(ASSIGNMENT + "WHERE ensemble = :ensemble AND ensemble <> '' ORDER BY app_id")
                .bind("ensemble", ensemble)
                .map((row, context) -> assignment(row))
                .list();
    }

    /** By assignment, the ensembles of which a vehicle should run every member. */
    public Map<String, String> together(String vehicleId) {
        return handle
                .createQuery("SELECT a.id, a.ensemble FROM desired d JOIN assignment a ON a.id = d.assignment_id"
                        + " WHERE d.vehicle_id = :vehicle AND a.ensemble <> '' AND NOT EXISTS (SELECT 1 FROM assignment b"
                        + " WHERE b.ensemble = a.ensemble AND b.ensemble <> '' AND NOT EXISTS (SELECT 1 FROM desired e"
                        + " WHERE e.vehicle_id = :vehicle AND e.assignment_id = b.id))")
                .bind("vehicle", vehicleId)
                .map((row, context) -> Map.entry(row.getString("id"), row.getString("ensemble")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sets what a vehicle should run in one app slot. */
    public void setDesired(DesiredRow row) {
        handle.createUpdate("INSERT INTO desired (vehicle_id, app_id, version, assignment_id)"
                        + " VALUES (:vehicleId, :appId, :version, :assignmentId) ON CONFLICT (vehicle_id, app_id)"
                        + " DO UPDATE SET version = excluded.version, assignment_id = excluded.assignment_id")
                .bindMethods(row)
                .execute();
    }

    /** Takes an app off a vehicle's desired state. */
    public void removeDesired(String vehicleId, String appId) {
        handle.createUpdate("DELETE FROM desired WHERE vehicle_id = :vehicle AND app_id = :app")
                .bind("vehicle", vehicleId)
                .bind("app", appId)
                .execute();
    }

    /** What a vehicle should run, by app id. */
    public List<DesiredRow> desired(String vehicleId) {
        return handle.createQuery("SELECT vehicle_id, app_id, version, assignment_id FROM desired"
                        + " WHERE vehicle_id = :vehicle ORDER BY app_id")
                .bind("vehicle", vehicleId)
                .map((row, context) -> new DesiredRow(
                        row.getString("vehicle_id"),
                        row.getString("app_id"),
                        row.getString("version"),
                        row.getString("assignment_id")))
                .list();
    }

    /** Whether one of the files a vehicle should run has this hash. */
    public boolean desires(String vehicleId, String sha256) {
        return handle.createQuery("SELECT COUNT(*) FROM desired d JOIN app_release r"
                                + " ON r.app_id = d.app_id AND r.version = d.version"
                                + " WHERE d.vehicle_id = :vehicle AND r.sha256 = :sha256")
                        .bind("vehicle", vehicleId)
                        .bind("sha256", sha256)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Adds an action in its first state, with its first event; does nothing when it is there. */
    public void addAction(ActionRow row) {
        int added = handle.createUpdate("INSERT INTO action (assignment_id, vehicle_id, app_id, version, state, done,"
                        + " total, reason, detail, updated_at, revision) VALUES (:assignmentId, :vehicleId, :appId,"
                        + " :version, :state, :done, :total, :reason, :detail, :updatedAt, :revision)"
                        + " ON CONFLICT (assignment_id, vehicle_id) DO NOTHING")
                .bindMethods(row)
                .execute();
        if (added == 1) {
            addEvent(row);
        }
    }

    /**
     * Replaces an action's state if nobody else has since, keeping the change as an event. False when the row's revision
     * is not one more than the stored one: read again.
     */
    public boolean advance(ActionRow row) {
        int changed = updateAction(row, row.revision() - 1);
        if (changed == 1) {
            addEvent(row);
        }
        return changed == 1;
    }

    /** Notes bytes done without a change of state. */
    public void setTransferred(ActionRow row) {
        updateAction(row, row.revision());
    }

    private int updateAction(ActionRow row, long seen) {
        return handle.createUpdate("UPDATE action SET state = :state, done = :done, total = :total, reason = :reason,"
                        + " detail = :detail, updated_at = :updatedAt, revision = :revision"
                        + " WHERE assignment_id = :assignmentId AND vehicle_id = :vehicleId AND revision = :seen")
                .bindMethods(row)
                .bind("seen", seen)
                .execute();
    }

    private void addEvent(ActionRow row) {
        handle.createUpdate("INSERT INTO action_event (assignment_id, vehicle_id, revision, state, reason, detail, at)"
                        + " VALUES (:assignmentId, :vehicleId, :revision, :state, :reason, :detail, :updatedAt)")
                .bindMethods(row)
                .execute();
    }

    /** One action. */
    public Optional<ActionRow> action(String assignmentId, String vehicleId) {
        return handle.createQuery(ACTION + "WHERE assignment_id = :assignment AND vehicle_id = :vehicle")
                .bind("assignment", assignmentId)
                .bind("vehicle", vehicleId)
                .map((row, context) -> action(row))
                .findOne();
    }

    /** The actions of an assignment, by vehicle. */
    public List<ActionRow> actions(String assignmentId) {
        return handle.createQuery(ACTION + "WHERE assignment_id = :assignment ORDER BY vehicle_id")
                .bind("assignment", assignmentId)
                .map((row, context) -> action(row))
                .list();
    }

    /** The actions of a vehicle, newest first, at most {@code limit}. */
    public List<ActionRow> actionsOf(String vehicleId, int limit) {
        return handle.createQuery(ACTION + "WHERE vehicle_id = :vehicle ORDER BY updated_at DESC LIMIT :limit")
                .bind("vehicle", vehicleId)
                .bind("limit", limit)
                .map((row, context) -> action(row))
                .list();
    }

    /** Every state an action has been in, in order. */
    public List<String> history(String assignmentId, String vehicleId) {
        return handle.createQuery("SELECT state FROM action_event WHERE assignment_id = :assignment"
                        + " AND vehicle_id = :vehicle ORDER BY revision")
                .bind("assignment", assignmentId)
                .bind("vehicle", vehicleId)
                .mapTo(String.class)
                .list();
    }

    private static AssignmentRow assignment(ResultSet row) throws SQLException {
        return new AssignmentRow(
                row.getString("id"),
                row.getString("app_id"),
                row.getString("version"),
                row.getInt("whole_fleet") != 0,
                row.getLong("created_at"),
                row.getString("ensemble"));
    }

    private static ActionRow action(ResultSet row) throws SQLException {
        return new ActionRow(
                row.getString("assignment_id"),
                row.getString("vehicle_id"),
                row.getString("app_id"),
                row.getString("version"),
                row.getString("state"),
                row.getLong("done"),
                row.getLong("total"),
                row.getString("reason"),
                row.getString("detail"),
                row.getLong("updated_at"),
                row.getLong("revision"));
    }
}
