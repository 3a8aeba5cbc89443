package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.DurableSlot;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.ReleaseStore;
import dev.bulkhead.agent.lifecycle.SlotStore;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Desired and actual state, releases and release floors in one SQLite file, beside a folder of blobs. Thread-safe. */
public final class AgentStore implements SlotStore, ReleaseStore, AutoCloseable {
    private static final int APPLICATION_ID = 0x424B_4147;
    private static final List<List<String>> SCHEMA = List.of(
            List.of(
                    """
            CREATE TABLE release (digest TEXT PRIMARY KEY, app TEXT NOT NULL, version TEXT NOT NULL, counter INTEGER NOT NULL,
              module_digest TEXT NOT NULL, vendor TEXT NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID""",
                    """
            CREATE TABLE slot (app TEXT PRIMARY KEY, wish TEXT NOT NULL, active TEXT, fallback TEXT, candidate TEXT,
              candidate_order TEXT, trial TEXT, rejected TEXT, quarantine TEXT) WITHOUT ROWID""",
                    "CREATE TABLE report (app TEXT PRIMARY KEY, assignment TEXT NOT NULL, release TEXT NOT NULL, outcome TEXT NOT NULL, "
                            + "detail TEXT NOT NULL, other TEXT) WITHOUT ROWID",
                    "CREATE TABLE floor (app TEXT PRIMARY KEY, counter INTEGER NOT NULL) WITHOUT ROWID"),
            List.of(
                    "CREATE TABLE config (app TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (app, key)) WITHOUT ROWID"),
            List.of(
                    "ALTER TABLE slot ADD COLUMN ensemble TEXT",
                    "ALTER TABLE slot ADD COLUMN wish_before TEXT",
                    "CREATE TABLE deferred (app TEXT NOT NULL, number INTEGER NOT NULL, word TEXT NOT NULL, who TEXT NOT NULL, "
                            + "release TEXT, PRIMARY KEY (app, number)) WITHOUT ROWID"),
            List.of("""
            CREATE TABLE last_words (app TEXT NOT NULL, number INTEGER NOT NULL, unix_ms INTEGER NOT NULL, level TEXT NOT NULL,
              text TEXT NOT NULL, suppressed INTEGER NOT NULL, PRIMARY KEY (app, number)) WITHOUT ROWID"""));

    private final SqliteFile file;
    private final BlobStore blobs;

    private AgentStore(SqliteFile file, BlobStore blobs) {
        this.file = file;
        this.blobs = blobs;
    }

    /** Opens {@code agent.db} and {@code blobs/} in the folder; blobs no release names are swept away. */
    public static AgentStore open(Path folder) {
        BlobStore blobs = BlobStore.open(folder.resolve("blobs"));
        SqliteFile file =
                SqliteFile.open(folder.resolve("agent.db"), APPLICATION_ID, SqliteFile.Durability.FULL, SCHEMA);
        AgentStore store = new AgentStore(file, blobs);
        Set<String> kept = new HashSet<>();
        store.all().forEach(release -> kept.add(release.release().packageDigest()));
        blobs.sweep(kept);
        return store;
    }

    @Override
    public List<DurableSlot> slots() {
        Map<String, List<DurableSlot.Order>> deferred = new TreeMap<>();
        file.list(
                        "SELECT * FROM deferred ORDER BY app, number",
                        row -> Map.entry(
                                row.getString("app"),
                                new DurableSlot.Order(
                                        row.getString("word"), row.getString("who"), ref(row.getString("release")))))
                .forEach(order -> deferred.computeIfAbsent(order.getKey(), app -> new ArrayList<>())
                        .add(order.getValue()));
        return file.list(
                "SELECT * FROM slot ORDER BY app",
                row -> slot(row, deferred.getOrDefault(row.getString("app"), List.of())));
    }

    private static DurableSlot slot(ResultSet row, List<DurableSlot.Order> deferred) throws SQLException {
        return new DurableSlot(
                row.getString("app"),
                AppSlot.Wish.valueOf(row.getString("wish")),
                ref(row.getString("active")),
                ref(row.getString("fallback")),
                ref(row.getString("candidate")),
                Optional.ofNullable(row.getString("candidate_order")),
                Optional.ofNullable(row.getString("trial")),
                ref(row.getString("rejected")),
                Optional.ofNullable(row.getString("quarantine")),
                membership(row),
                deferred);
    }

    private static Optional<DurableSlot.Membership> membership(ResultSet row) throws SQLException {
        String ensemble = row.getString("ensemble");
        return ensemble == null
                ? Optional.empty()
                : Optional.of(new DurableSlot.Membership(ensemble, AppSlot.Wish.valueOf(row.getString("wish_before"))));
    }

    @Override
    public void save(List<DurableSlot> slots, List<UpdateReport> reports) {
        file.write(sql -> {
            for (DurableSlot slot : slots) {
                save(sql, slot);
            }
            for (UpdateReport report : reports) {
                save(sql, report);
            }
            return true;
        });
    }

    private static void save(Sql sql, DurableSlot slot) throws SQLException {
        sql.run(
                "INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                slot.appId(),
                slot.wish(),
                text(slot.active()),
                text(slot.fallback()),
                text(slot.candidate()),
                slot.candidateOrder().orElse(null),
                slot.trial().orElse(null),
                text(slot.rejected()),
                slot.quarantine().orElse(null),
                slot.part().map(DurableSlot.Membership::ensemble).orElse(null),
                slot.part().map(DurableSlot.Membership::before).orElse(null));
        sql.run("DELETE FROM deferred WHERE app = ?", slot.appId());
        int number = 0;
        for (DurableSlot.Order order : slot.deferred()) {
            sql.run(
                    "INSERT INTO deferred VALUES (?, ?, ?, ?, ?)",
                    slot.appId(),
                    number++,
                    order.word(),
                    order.who(),
                    text(order.release()));
        }
    }

    private static void save(Sql sql, UpdateReport report) throws SQLException {
        ReleaseRef release = report.release();
        OutcomeColumns columns = OutcomeColumns.of(report.outcome());
        if (report.outcome() instanceof UpdateOutcome.Proven) {
            sql.run(
                    "INSERT INTO floor VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET counter = max(counter, excluded.counter)",
                    release.appId(),
                    release.release());
        }
        sql.run(
                "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?)",
                release.appId(),
                report.assignment(),
                text(Optional.of(release)),
                columns.word(),
                columns.detail(),
                text(columns.other()));
    }

    @Override
    public void purge(String appId) {
        file.write(sql -> {
            sql.run("DELETE FROM config WHERE app = ?", appId);
            sql.run("DELETE FROM deferred WHERE app = ?", appId);
            sql.run("DELETE FROM last_words WHERE app = ?", appId);
            return sql.run("DELETE FROM slot WHERE app = ?", appId);
        });
    }

    @Override
    public Map<String, String> config(String appId) {
        Map<String, String> values = new TreeMap<>();
        file.list(
                        "SELECT key, value FROM config WHERE app = ?",
                        row -> Map.entry(row.getString(1), row.getString(2)),
                        appId)
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return values;
    }

    @Override
    public void configure(String appId, Map<String, String> values) {
        file.write(sql -> {
            sql.run("DELETE FROM config WHERE app = ?", appId);
            for (Map.Entry<String, String> entry : values.entrySet()) {
                sql.run("INSERT INTO config VALUES (?, ?, ?)", appId, entry.getKey(), entry.getValue());
            }
            return true;
        });
    }

    @Override
    public void keepLastWords(String appId, List<LogBook.Line> lines) {
        file.write(sql -> {
            sql.run("DELETE FROM last_words WHERE app = ?", appId);
            int number = 0;
            for (LogBook.Line line : lines) {
                sql.run(
                        "INSERT INTO last_words VALUES (?, ?, ?, ?, ?, ?)",
                        appId,
                        number++,
                        line.unixMillis(),
                        line.level(),
                        line.text(),
                        line.suppressed());
            }
            return true;
        });
    }

    @Override
    public List<LogBook.Line> lastWords(String appId) {
        return file.list(
                "SELECT * FROM last_words WHERE app = ? ORDER BY number",
                row -> new LogBook.Line(
                        appId,
                        0,
                        row.getLong("unix_ms"),
                        row.getString("level"),
                        row.getString("text"),
                        row.getLong("suppressed")),
                appId);
    }

    @Override
    public List<UpdateReport> reports() {
        return file.list(
                "SELECT * FROM report ORDER BY app",
                row -> new UpdateReport(
                        row.getString("assignment"), parse(row.getString("release")), OutcomeColumns.outcome(row)));
    }

    @Override
    public void store(StoredRelease stored, Path content) {
        ReleaseRef release = stored.release();
        try {
            blobs.put(release.packageDigest(), content);
            file.write(sql -> sql.run(
                    "INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?, ?, ?)",
                    release.packageDigest(),
                    release.appId(),
                    release.version(),
                    release.release(),
                    stored.moduleDigest(),
                    stored.vendor(),
                    stored.length()));
        } catch (StoreException e) {
            throw new StorageRefusal(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<StoredRelease> find(String packageDigest) {
        return file.read("SELECT * FROM release WHERE digest = ?", AgentStore::stored, packageDigest)
                .filter(found -> blobs.holds(packageDigest));
    }

    @Override
    public Optional<byte[]> content(String packageDigest) {
        return blobs.read(packageDigest);
    }

    @Override
    public List<StoredRelease> all() {
        return file.list("SELECT * FROM release ORDER BY app, counter, digest", AgentStore::stored);
    }

    private static StoredRelease stored(ResultSet row) throws SQLException {
        ReleaseRef release = new ReleaseRef(
                row.getString("app"), row.getString("version"), row.getLong("counter"), row.getString("digest"));
        return new StoredRelease(
                release, row.getString("module_digest"), row.getString("vendor"), row.getLong("length"));
    }

    @Override
    public void drop(String packageDigest) {
        file.write(sql -> sql.run("DELETE FROM release WHERE digest = ?", packageDigest));
        blobs.drop(packageDigest);
    }

    @Override
    public OptionalLong floor(String appId) {
        return file.read("SELECT counter FROM floor WHERE app = ?", row -> row.getLong(1), appId).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    @Override
    public void close() {
        file.close();
    }

    private static @Nullable String text(Optional<ReleaseRef> release) {
        return release.map(r -> r.packageDigest() + " " + r.release() + " " + r.version() + " " + r.appId())
                .orElse(null);
    }

    static Optional<ReleaseRef> ref(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(parse(text));
    }

    private static ReleaseRef parse(String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length != 4) {
            throw new StoreException("the store holds \"" + text + "\" where a release should be");
        }
        try {
            return new ReleaseRef(parts[3], parts[2], Long.parseLong(parts[1]), parts[0]);
        } catch (IllegalArgumentException e) {
            throw new StoreException("the store holds \"" + text + "\" where a release should be", e);
        }
    }
}
