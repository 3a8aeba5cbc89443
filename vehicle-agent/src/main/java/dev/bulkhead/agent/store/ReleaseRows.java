package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What packages are, and the highest release of each app that was proven, as rows. */
final class ReleaseRows {
    private final SqliteFile file;

    ReleaseRows(SqliteFile file) {
        this.file = file;
    }

    static int save(Sql sql, StoredRelease stored) throws SQLException {
        ReleaseRef release = stored.release();
        return sql.run(
                "INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?, ?, ?)",
                release.packageDigest(),
                release.appId(),
                release.version(),
                release.release(),
                stored.moduleDigest(),
                stored.vendor(),
                stored.length());
    }

    /** Every release whose record can be read. */
    List<StoredRelease> all(List<Damage> damages) {
        return Cells.rows(file, "release", "ORDER BY app, counter, digest", damages, ReleaseRows::stored);
    }

    /** Empty as well when its record cannot be read. */
    Optional<StoredRelease> find(String digest) {
        return Cells.rows(file, "release", "WHERE digest = ?", new ArrayList<>(), ReleaseRows::stored, digest).stream()
                .findFirst();
    }

    private static Optional<StoredRelease> stored(Cells cells) throws SQLException {
        Optional<String> digest = cells.needed("digest", Bearing.PACKAGE, ReleaseRows::digest);
        Optional<String> version = cells.needed("version", Bearing.PACKAGE);
        Optional<Long> counter = cells.count("counter", Bearing.PACKAGE);
        Optional<String> module = cells.needed("module_digest", Bearing.PACKAGE, ReleaseRows::digest);
        Optional<String> vendor = cells.needed("vendor", Bearing.PACKAGE);
        Optional<Long> length = cells.count("length", Bearing.PACKAGE);
        if (!cells.sound()) {
            return Optional.empty();
        }
        ReleaseRef release = new ReleaseRef(
                cells.appId().orElseThrow(), version.orElseThrow(), counter.orElseThrow(), digest.orElseThrow());
        return Optional.of(
                new StoredRelease(release, module.orElseThrow(), vendor.orElseThrow(), length.orElseThrow()));
    }

    private static String digest(String text) {
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a digest is 64 lower-case hex digits");
        }
        return text;
    }

    /** A proven release raises the floor of its app; one that cannot be read is set anew. */
    static void prove(Sql sql, UpdateReport report) throws SQLException {
        if (report.outcome() instanceof UpdateOutcome.Proven) {
            sql.run(
                    "INSERT INTO floor VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET counter = "
                            + "CASE typeof(counter) WHEN 'integer' THEN max(counter, excluded.counter) ELSE excluded.counter END",
                    report.release().appId(),
                    report.release().release());
        }
    }

    void checkFloors(List<Damage> damages) {
        Cells.rows(file, "floor", "ORDER BY app", damages, cells -> cells.count("counter", Bearing.TOLD));
    }

    /** Where it cannot be read, the highest release of the app that is stored. */
    OptionalLong floor(String appId) {
        List<Damage> damages = new ArrayList<>();
        List<Long> floor = Cells.rows(
                file, "floor", "WHERE app = ?", damages, cells -> cells.count("counter", Bearing.TOLD), appId);
        if (damages.isEmpty()) {
            return floor.stream().mapToLong(Long::longValue).findFirst();
        }
        return all(new ArrayList<>()).stream()
                .map(StoredRelease::release)
                .filter(release -> release.appId().equals(appId))
                .mapToLong(ReleaseRef::release)
                .max();
    }
}
