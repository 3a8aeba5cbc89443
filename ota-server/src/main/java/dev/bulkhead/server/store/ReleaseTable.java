package dev.bulkhead.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Releases of apps, and the blobs that hold them. */
public final class ReleaseTable {
    private static final String SELECT = "SELECT app_id, version, counter, vendor, target_path, sha256, length,"
            + " block_size, blocks_root, hardware_id, package_digest, published, received_at FROM app_release ";

    private final Handle handle;

    ReleaseTable(Handle handle) {
        this.handle = handle;
    }

    /** Adds a blob's facts; does nothing when it is there. */
    public void addBlob(BlobRow blob) {
        handle.createUpdate("INSERT INTO blob (sha256, length, block_size, leaf_hashes)"
                        + " VALUES (:sha256, :length, :blockSize, :leaves) ON CONFLICT (sha256) DO NOTHING")
                .bind("sha256", blob.sha256())
                .bind("length", blob.length())
                .bind("blockSize", blob.blockSize())
                .bind("leaves", blob.leafHashes())
                .execute();
    }

    /** A blob's facts. */
    public Optional<BlobRow> blob(String sha256) {
        return handle.createQuery("SELECT sha256, length, block_size, leaf_hashes FROM blob WHERE sha256 = :sha256")
                .bind("sha256", sha256)
                .map((row, context) -> new BlobRow(
                        row.getString("sha256"),
                        row.getLong("length"),
                        row.getInt("block_size"),
                        row.getBytes("leaf_hashes")))
                .findOne();
    }

    /** Adds a release that is not there yet. */
    public void add(ReleaseRow row) {
        handle.createUpdate("INSERT INTO app_release (app_id, version, counter, vendor, target_path, sha256, length,"
                        + " block_size, blocks_root, hardware_id, package_digest, published, received_at) VALUES"
                        + " (:appId, :version, :counter, :vendor, :targetPath, :sha256, :length, :blockSize,"
                        + " :blocksRoot, :hardwareId, :packageDigest, :isPublished, :receivedAt)")
                .bindMethods(row)
                .bind("isPublished", row.published() ? 1 : 0)
                .execute();
    }

    /** Marks a release as named by its vendor's signed metadata. */
    public void setPublished(String appId, String version) {
        handle.createUpdate("UPDATE app_release SET published = 1 WHERE app_id = :app AND version = :version")
                .bind("app", appId)
                .bind("version", version)
                .execute();
    }

    /** Forgets a release that was never published. */
    public void removeStaged(String appId, String version) {
        handle.createUpdate("DELETE FROM app_release WHERE app_id = :app AND version = :version AND published = 0")
                .bind("app", appId)
                .bind("version", version)
                .execute();
    }

    /** Forgets a release of this counter that was never published. */
    public void removeStagedCounter(String appId, long counter) {
        handle.createUpdate("DELETE FROM app_release WHERE app_id = :app AND counter = :counter AND published = 0")
                .bind("app", appId)
                .bind("counter", counter)
                .execute();
    }

    /** The release at a path of the image repository. */
    public Optional<ReleaseRow> atPath(String targetPath) {
        return handle.createQuery(SELECT + "WHERE target_path = :path")
                .bind("path", targetPath)
                .map((row, context) -> release(row))
                .findOne();
    }

    /** One release. */
    public Optional<ReleaseRow> find(String appId, String version) {
        return handle.createQuery(SELECT + "WHERE app_id = :app AND version = :version")
                .bind("app", appId)
                .bind("version", version)
                .map((row, context) -> release(row))
                .findOne();
    }

    /** The published release of an app with the highest counter. */
    public Optional<ReleaseRow> newest(String appId) {
        return handle.createQuery(SELECT + "WHERE app_id = :app AND published = 1 ORDER BY counter DESC LIMIT 1")
                .bind("app", appId)
                .map((row, context) -> release(row))
                .findOne();
    }

    /** All releases of all apps: by app id, newest first. */
    public List<ReleaseRow> list() {
        return handle.createQuery(SELECT + "ORDER BY app_id, counter DESC")
                .map((row, context) -> release(row))
                .list();
    }

    private static ReleaseRow release(ResultSet row) throws SQLException {
        return new ReleaseRow(
                row.getString("app_id"),
                row.getString("version"),
                row.getLong("counter"),
                row.getString("vendor"),
                row.getString("target_path"),
                row.getString("sha256"),
                row.getLong("length"),
                row.getInt("block_size"),
                row.getString("blocks_root"),
                row.getString("hardware_id"),
                row.getString("package_digest"),
                row.getInt("published") != 0,
                row.getLong("received_at"));
    }
}
