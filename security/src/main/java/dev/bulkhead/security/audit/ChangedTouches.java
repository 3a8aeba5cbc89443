package dev.bulkhead.security.audit;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part of the views that changed within a stretch of the log: each sum whose newest entry lies there, as it stands
 * over everything that is kept, and each newest declaration that lies there.
 *
 * @param declarations by index
 * @param touches in no particular order
 */
public record ChangedTouches(List<Declaration> declarations, Map<Touch, Tally> touches) {
    /** The newest declaration of an app version. */
    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    public record Declaration(long index, byte[] entry) {}

    /** Copies. */
    public ChangedTouches {
        declarations = List.copyOf(declarations);
        touches = Map.copyOf(touches);
    }

    /**
     * What changed in the entries {@code [from, to)}. What changed there and again after {@code to} is left out: it
     * belongs to a later stretch.
     */
    public static ChangedTouches between(LogReader reader, long from, long to) {
        try {
            return new ChangedTouches(declarations(reader, from, to), TouchTable.sumsChanged(reader, from, to));
        } catch (SQLException e) {
            throw new AuditException("the sums of the audit log cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Declaration> declarations(LogReader reader, long from, long to) throws SQLException {
        List<Declaration> found = new ArrayList<>();
        try (PreparedStatement select = reader.connection()
                .prepareStatement("SELECT idx, entry FROM declared WHERE idx >= ? AND idx < ? ORDER BY idx")) {
            select.setLong(1, from);
            select.setLong(2, to);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Declaration(rows.getLong(1), rows.getBytes(2)));
                }
            }
        }
        return found;
    }
}
