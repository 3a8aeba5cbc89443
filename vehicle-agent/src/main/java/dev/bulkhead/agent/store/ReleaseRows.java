package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import dev.bulkhead.contract.pack.Digest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What packages are, and the highest release of each app that was proven, as rows. */
final class ReleaseRows {
    private final SealedFile file;

    ReleaseRows(SealedFile file) {
        this.file = file;
    }

    void save(Sql sql, StoredRelease stored) throws SQLException {
        ReleaseRef release = stored.release();
        file.put(
                sql,
                Table.RELEASE,
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
        return file.rows(Table.RELEASE, "ORDER BY app, counter, digest", damages, ReleaseRows::stored);
    }

    /** Empty as well when its record cannot be read. */
    Optional<StoredRelease> find(String digest) {
        return file.rows(Table.RELEASE, "WHERE digest = ?", new ArrayList<>(), ReleaseRows::stored, digest).stream()
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
        if (!Digest.isHex(text)) {
            throw new IllegalArgumentException("a digest is 64 lower-case hex digits");
        }
        return text;
    }

    /** A proven release raises the floor of its app; one that cannot be trusted is set anew. */
    void prove(Sql sql, UpdateReport report) throws SQLException {
        if (report.outcome() instanceof UpdateOutcome.Proven) {
            String app = report.release().appId();
            long known = knownFloor(app, new ArrayList<>()).orElse(0);
            file.put(sql, Table.FLOOR, app, Math.max(known, report.release().release()));
        }
    }

    void checkFloors(List<Damage> damages) {
        file.rows(Table.FLOOR, "ORDER BY app", damages, cells -> cells.count("counter", Bearing.TOLD));
    }

    /** Where it cannot be trusted, the highest release of the app that is stored. */
    OptionalLong floor(String appId) {
        List<Damage> damages = new ArrayList<>();
        OptionalLong floor = knownFloor(appId, damages);
        return damages.isEmpty() ? floor : highestStored(appId);
    }

    private OptionalLong knownFloor(String appId, List<Damage> damages) {
        return file
                .rows(Table.FLOOR, "WHERE app = ?", damages, cells -> cells.count("counter", Bearing.TOLD), appId)
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    private OptionalLong highestStored(String appId) {
        return all(new ArrayList<>()).stream()
                .map(StoredRelease::release)
                .filter(release -> release.appId().equals(appId))
                .mapToLong(ReleaseRef::release)
                .max();
    }
}
