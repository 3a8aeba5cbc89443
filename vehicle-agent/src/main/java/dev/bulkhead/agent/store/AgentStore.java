package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.DurableSlot;
import dev.bulkhead.agent.lifecycle.Durables;
import dev.bulkhead.agent.lifecycle.ReleaseStore;
import dev.bulkhead.agent.lifecycle.SlotStore;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.Survival;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import dev.bulkhead.agent.store.SqliteFile.Migration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Desired and actual state, releases and release floors in one SQLite file, beside a folder of blobs. Thread-safe. */
public final class AgentStore implements SlotStore, ReleaseStore, AutoCloseable {
    private static final int APPLICATION_ID = 0x424B_4147;
    private static final List<Migration> SCHEMA = List.of(
            Migration.of(
                    """
                    CREATE TABLE release (digest TEXT PRIMARY KEY, app TEXT NOT NULL, version TEXT NOT NULL, counter INTEGER NOT NULL,
                      module_digest TEXT NOT NULL, vendor TEXT NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID\
                    """,
                    """
                    CREATE TABLE slot (app TEXT PRIMARY KEY, wish TEXT NOT NULL, active TEXT, fallback TEXT, candidate TEXT,
                      candidate_order TEXT, trial TEXT, rejected TEXT, quarantine TEXT) WITHOUT ROWID\
                    """,
                    "CREATE TABLE report (app TEXT PRIMARY KEY, assignment TEXT NOT NULL, release TEXT NOT NULL,"
                            + " outcome TEXT NOT NULL, detail TEXT NOT NULL, other TEXT) WITHOUT ROWID",
                    "CREATE TABLE floor (app TEXT PRIMARY KEY, counter INTEGER NOT NULL) WITHOUT ROWID"),
            Migration.of(
                    "CREATE TABLE config (app TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (app,"
                            + " key)) WITHOUT ROWID"),
            Migration.of(
                    "ALTER TABLE slot ADD COLUMN ensemble TEXT",
                    "ALTER TABLE slot ADD COLUMN wish_before TEXT",
                    "CREATE TABLE deferred (app TEXT NOT NULL, number INTEGER NOT NULL, word TEXT NOT NULL, who TEXT"
                            + " NOT NULL, release TEXT, PRIMARY KEY (app, number)) WITHOUT ROWID"),
            Migration.of("""
                CREATE TABLE last_words (app TEXT NOT NULL, number INTEGER NOT NULL, unix_ms INTEGER NOT NULL, level TEXT NOT NULL,
                  text TEXT NOT NULL, suppressed INTEGER NOT NULL, PRIMARY KEY (app, number)) WITHOUT ROWID\
                """));

    private static final String ASIDE =
            "CREATE TABLE aside (number INTEGER PRIMARY KEY, source TEXT NOT NULL, cells TEXT NOT NULL)";

    private final SqliteFile file;
    private final RowSeal seal;
    private final BlobStore blobs;
    private final SlotRows slots;
    private final ReleaseRows releases;
    private final NewsRows news;

    private AgentStore(SealedFile sealed, BlobStore blobs) {
        this.file = sealed.file();
        this.seal = sealed.seal();
        this.blobs = blobs;
        this.slots = new SlotRows(sealed);
        this.releases = new ReleaseRows(sealed);
        this.news = new NewsRows(sealed);
    }

    /**
     * Opens {@code agent.db} and {@code blobs/} in the folder; blobs no release names are swept away, unless a release cannot be read.
     *
     * @param seal the same each time; rows from before there were seals get theirs now
     */
    public static AgentStore open(Path folder, RowSeal seal) {
        BlobStore blobs = BlobStore.open(folder.resolve("blobs"));
        SqliteFile file =
                SqliteFile.open(folder.resolve("agent.db"), APPLICATION_ID, SqliteFile.Durability.FULL, schema(seal));
        AgentStore store = new AgentStore(new SealedFile(file, seal), blobs);
        store.sweep();
        return store;
    }

    private static List<Migration> schema(RowSeal seal) {
        List<Migration> schema = new ArrayList<>(SCHEMA);
        schema.add(sql -> {
            for (Table table : Table.values()) {
                sql.run("ALTER TABLE " + table.sqlName() + " ADD COLUMN " + Table.SEAL + " BLOB");
            }
            SealedFile.sealAll(sql, seal);
            sql.run(ASIDE);
        });
        return schema;
    }

    private void sweep() {
        List<Damage> damages = new ArrayList<>();
        Set<String> kept = new HashSet<>();
        releases.all(damages).forEach(release -> kept.add(release.release().packageDigest()));
        if (damages.isEmpty()) {
            blobs.sweep(kept);
        }
    }

    @Override
    public Survival survival() {
        List<Damage> damages = new ArrayList<>();
        List<DurableSlot> kept = slots.all(damages);
        Set<String> packages = new HashSet<>();
        releases.all(damages).forEach(release -> packages.add(release.release().packageDigest()));
        releases.checkFloors(damages);
        news.checkConfigs(damages);
        return new Survival(kept, news.reports(damages), news.lastWords(damages), packages, damages);
    }

    @Override
    public int setStraysAside() {
        return file.write(sql -> StrayRows.setAside(sql, seal));
    }

    @Override
    public void save(Durables next) {
        file.write(sql -> {
            for (DurableSlot slot : next.slots()) {
                slots.save(sql, slot);
            }
            for (UpdateReport report : next.reports()) {
                releases.prove(sql, report);
                news.save(sql, report);
            }
            for (Map.Entry<String, List<LogBook.Line>> words : next.lastWords().entrySet()) {
                news.keep(sql, words.getKey(), words.getValue());
            }
            return true;
        });
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
        return news.config(appId);
    }

    @Override
    public void configure(String appId, Map<String, String> values) {
        file.write(sql -> news.configure(sql, appId, values));
    }

    @Override
    public List<UpdateReport> reports() {
        return news.reports(new ArrayList<>());
    }

    @Override
    public void store(StoredRelease stored, Path content) {
        try {
            blobs.put(stored.release().packageDigest(), content);
            file.write(sql -> {
                releases.save(sql, stored);
                return true;
            });
        } catch (StoreException e) {
            throw new StorageRefusal(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<StoredRelease> find(String packageDigest) {
        return releases.find(packageDigest).filter(found -> blobs.holds(packageDigest));
    }

    @Override
    public Optional<byte[]> content(String packageDigest) {
        return blobs.read(packageDigest);
    }

    @Override
    public List<StoredRelease> all() {
        return releases.all(new ArrayList<>());
    }

    @Override
    public void drop(String packageDigest) {
        file.write(sql -> sql.run("DELETE FROM release WHERE digest = ?", packageDigest));
        blobs.drop(packageDigest);
    }

    @Override
    public OptionalLong floor(String appId) {
        return releases.floor(appId);
    }

    @Override
    public void close() {
        file.close();
    }
}
