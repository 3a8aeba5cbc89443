package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What the views are made from: the newest declaration of each app version, and a tally for each way something was
 * touched. Comes from the hourly sums a log keeps, quick, or from the entries of a verified export, one by one; both
 * give the same.
 *
 * @param origin the log's name
 * @param size entries behind it
 * @param declarations entries of kind {@code declared}, the newest of each app version
 * @param touches in no particular order
 */
public record TouchTable(String origin, long size, List<AuditEntry> declarations, Map<Touch, Tally> touches) {
    private static final String SELECT = "SELECT t.app, t.version, t.vendor, t.kind, t.access, t.rule, sum(h.count),"
            + " sum(h.bytes), min(h.first_ms), max(h.last_ms), min(h.first_index), max(h.last_index), min(h.least),"
            + " max(h.greatest), max(h.peak) FROM hourly h JOIN touch t ON t.id = h.touch";
    private static final String SUMS = SELECT + " WHERE h.hour BETWEEN ? AND ? GROUP BY h.touch";
    /** The newest hour of a touch is found by its key alone; only the touches that changed are summed up. */
    private static final String CHANGED = SELECT
            + " WHERE h.touch IN (SELECT id FROM touch c WHERE (SELECT last_index FROM hourly n WHERE n.touch = c.id"
            + " ORDER BY n.hour DESC LIMIT 1) BETWEEN ? AND ?) GROUP BY h.touch";

    /** Copies. */
    public TouchTable {
        declarations = List.copyOf(declarations);
        touches = Map.copyOf(touches);
    }

    /** Everything a log has. */
    public static TouchTable of(LogReader reader) {
        return of(reader, 0, Long.MAX_VALUE);
    }

    /**
     * What a log has between two times, both rounded to full hours; declarations are the newest all the same.
     *
     * @param fromMillis milliseconds since 1970, inclusive
     * @param toMillis milliseconds since 1970, inclusive
     */
    public static TouchTable of(LogReader reader, long fromMillis, long toMillis) {
        try {
            return new TouchTable(
                    reader.origin(), reader.size(), declarations(reader), sums(reader, fromMillis, toMillis));
        } catch (SQLException e) {
            throw new AuditException("the sums of the audit log cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<AuditEntry> declarations(LogReader reader) throws SQLException {
        List<AuditEntry> entries = new ArrayList<>();
        try (PreparedStatement select =
                        reader.connection().prepareStatement("SELECT entry FROM declared ORDER BY app, version");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                entries.add(LogReader.parse(-1, rows.getBytes(1)));
            }
        }
        return entries;
    }

    private static Map<Touch, Tally> sums(LogReader reader, long fromMillis, long toMillis) throws SQLException {
        return sums(
                reader,
                SUMS,
                Math.floorDiv(fromMillis, RollupWriter.HOUR_MILLIS),
                Math.floorDiv(toMillis, RollupWriter.HOUR_MILLIS));
    }

    /** Whole sums of what was touched last within {@code [from, to)}. */
    static Map<Touch, Tally> sumsChanged(LogReader reader, long from, long to) throws SQLException {
        return sums(reader, CHANGED, from, to - 1);
    }

    private static Map<Touch, Tally> sums(LogReader reader, String sql, long low, long high) throws SQLException {
        Map<Touch, Tally> sums = new LinkedHashMap<>();
        try (PreparedStatement select = reader.connection().prepareStatement(sql)) {
            select.setLong(1, low);
            select.setLong(2, high);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.put(touch(row), tally(row));
                }
            }
        }
        return sums;
    }

    private static Touch touch(ResultSet row) throws SQLException {
        return new Touch(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Touch.Kind.valueOf(row.getString(4)),
                row.getString(5),
                row.getString(6));
    }

    private static Tally tally(ResultSet row) throws SQLException {
        return new Tally(
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                row.getLong(12),
                real(row, 13),
                real(row, 14),
                row.getDouble(15));
    }

    private static OptionalDouble real(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Adds up entries one by one, for an export. Not thread-safe. */
    public static final class Adder {
        private record App(String id, String version) implements Comparable<App> {
            @Override
            public int compareTo(App other) {
                int byId = id.compareTo(other.id);
                return byId == 0 ? version.compareTo(other.version) : byId;
            }
        }

        private final Map<Touch, Tally> touches = new LinkedHashMap<>();
        private final Map<App, AuditEntry> declarations = new TreeMap<>();
        private long size;

        /** Adds the entry at {@code index}. */
        public void add(long index, AuditEntry entry) {
            TouchReading.of(index, entry)
                    .ifPresent(reading -> touches.merge(reading.touch(), reading.tally(), Tally::plus));
            if (entry.hasDeclared()) {
                declarations.put(new App(entry.getAppId(), entry.getVersion()), entry);
            }
            size = Math.max(size, index + 1);
        }

        /** The table of what was added. */
        public TouchTable table(String origin) {
            return new TouchTable(origin, size, List.copyOf(declarations.values()), touches);
        }
    }
}
