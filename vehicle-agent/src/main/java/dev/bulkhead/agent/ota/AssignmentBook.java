package dev.bulkhead.agent.ota;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What became of each assignment: the newest word for the fleet, durable. One that is settled is never tried again; the
 * fleet makes a new assignment for that.
 */
final class AssignmentBook {
    private final LedgerDatabase database;

    AssignmentBook(LedgerDatabase database) {
        this.database = database;
    }

    /** Takes out what cannot be read. */
    void mend() {
        database.dropUnreadable("assignment", "id", AssignmentBook::whole);
    }

    private static Progress whole(ResultSet row) throws SQLException {
        Progress progress = progress(row);
        if (!progress.getAssignmentId().equals(row.getObject("id"))) {
            throw new LedgerException("it holds the progress of assignment \"" + progress.getAssignmentId() + "\"");
        }
        return progress;
    }

    Optional<Progress> find(String id) {
        return database.query(AssignmentBook::progress, "SELECT progress FROM assignment WHERE id = ?", id).stream()
                .findFirst();
    }

    List<Progress> all() {
        return database.query(AssignmentBook::progress, "SELECT progress FROM assignment ORDER BY id");
    }

    void note(Progress progress) {
        database.run(
                "INSERT INTO assignment(id, progress) VALUES(?, ?) ON CONFLICT(id) DO UPDATE SET progress = excluded.progress",
                progress.getAssignmentId(),
                progress.toByteArray());
    }

    /** Forgets what the fleet no longer asks for. */
    void keepOnly(Set<String> ids) {
        for (Progress progress : all()) {
            if (!ids.contains(progress.getAssignmentId())) {
                database.run("DELETE FROM assignment WHERE id = ?", progress.getAssignmentId());
            }
        }
    }

    static boolean settled(Progress progress) {
        return settled(progress.getState());
    }

    static boolean settled(UpdateState state) {
        return switch (state) {
            case UPDATE_STATE_SUCCEEDED,
                    UPDATE_STATE_ROLLED_BACK,
                    UPDATE_STATE_FAILED,
                    UPDATE_STATE_REFUSED,
                    UPDATE_STATE_REMOVED -> true;
            case UPDATE_STATE_UNSPECIFIED,
                    UPDATE_STATE_DOWNLOADING,
                    UPDATE_STATE_VERIFYING,
                    UPDATE_STATE_WAITING,
                    UPDATE_STATE_INSTALLING,
                    UPDATE_STATE_PROBATION,
                    UNRECOGNIZED -> false;
        };
    }

    private static Progress progress(ResultSet row) throws SQLException {
        try {
            return Progress.parseFrom(row.getBytes("progress"));
        } catch (InvalidProtocolBufferException e) {
            throw new LedgerException("an assignment in the update ledger is damaged: " + e.getMessage(), e);
        }
    }
}
