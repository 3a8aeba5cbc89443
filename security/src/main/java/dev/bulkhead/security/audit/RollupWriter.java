package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Keeps the hourly sums behind the views up to date, in the transaction that writes the entries. */
final class RollupWriter {
    static final long HOUR_MILLIS = 3_600_000;

    private static final int MOST_KNOWN = 20_000;
    private static final String UPSERT = "INSERT INTO hourly VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (hour, touch) DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes,"
            + " first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms),"
            + " last_index = excluded.last_index,"
            + " least = min(coalesce(least, excluded.least), coalesce(excluded.least, least)),"
            + " greatest = max(coalesce(greatest, excluded.greatest), coalesce(excluded.greatest, greatest)),"
            + " peak = max(peak, excluded.peak)";

    private record Slot(long hour, Touch touch) {}

    private final Connection connection;
    private final Map<Touch, Long> known = new HashMap<>();

    RollupWriter(Connection connection) {
        this.connection = connection;
    }

    void add(long firstIndex, List<PendingEntry> batch) throws SQLException {
        Map<Slot, Tally> sums = new LinkedHashMap<>();
        long index = firstIndex;
        for (PendingEntry pending : batch) {
            AuditEntry entry = pending.entry();
            long hour = Math.floorDiv(entry.getUnixMs(), HOUR_MILLIS);
            TouchReading.of(index, entry)
                    .ifPresent(reading -> sums.merge(new Slot(hour, reading.touch()), reading.tally(), Tally::plus));
            if (entry.hasDeclared()) {
                writeDeclared(index, entry, pending.bytes());
            }
            index++;
        }
        writeSums(sums);
    }

    private void writeSums(Map<Slot, Tally> sums) throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Map.Entry<Slot, Tally> sum : sums.entrySet()) {
                Tally tally = sum.getValue();
                upsert.setLong(1, sum.getKey().hour());
                upsert.setLong(2, idOf(sum.getKey().touch()));
                upsert.setLong(3, tally.count());
                upsert.setLong(4, tally.bytes());
                upsert.setLong(5, tally.firstMillis());
                upsert.setLong(6, tally.lastMillis());
                upsert.setLong(7, tally.firstIndex());
                upsert.setLong(8, tally.lastIndex());
                setDouble(upsert, 9, tally.least());
                setDouble(upsert, 10, tally.greatest());
                upsert.setDouble(11, tally.peakPerSecond());
                upsert.executeUpdate();
            }
        }
    }

    private static void setDouble(PreparedStatement statement, int place, OptionalDouble value) throws SQLException {
        if (value.isPresent()) {
            statement.setDouble(place, value.getAsDouble());
        } else {
            statement.setNull(place, Types.REAL);
        }
    }

    private long idOf(Touch touch) throws SQLException {
        Long id = known.get(touch);
        if (id == null) {
            id = insertTouch(touch);
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(touch, id);
        }
        return id;
    }

    private long insertTouch(Touch touch) throws SQLException {
        // the update that changes nothing makes the row come back whether it is new or not
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO touch (app, version, vendor, kind, access, rule) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET app = app RETURNING id")) {
            insert.setString(1, touch.app());
            insert.setString(2, touch.version());
            insert.setString(3, touch.vendor());
            insert.setString(4, touch.kind().name());
            insert.setString(5, touch.access());
            insert.setString(6, touch.rule());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void writeDeclared(long index, AuditEntry entry, byte[] bytes) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR REPLACE INTO declared VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, entry.getAppId());
            insert.setString(2, entry.getVersion());
            insert.setString(3, entry.getVendor());
            insert.setLong(4, entry.getUnixMs());
            insert.setBytes(5, bytes);
            insert.setLong(6, index);
            insert.executeUpdate();
        }
    }

    /** After a rollback: ids given out in the transaction do not exist. */
    void forget() {
        known.clear();
    }
}
