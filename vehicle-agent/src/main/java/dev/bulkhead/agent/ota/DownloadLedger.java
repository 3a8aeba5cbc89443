package dev.bulkhead.agent.ota;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Which blocks of which file are safely on disk: one bitmap per file being pulled. */
final class DownloadLedger {
    /** A pull begun earlier. */
    record Begun(String sha256, BlockLayout layout, BitSet have) {}

    private final LedgerDatabase database;

    DownloadLedger(LedgerDatabase database) {
        this.database = database;
    }

    List<Begun> all() {
        return database.query(
                row -> new Begun(
                        row.getString(1),
                        new BlockLayout(row.getLong(2), row.getInt(3)),
                        BitSet.valueOf(row.getBytes(4))),
                "SELECT sha256, length, block_size, bits FROM download ORDER BY sha256");
    }

    Optional<Begun> find(String sha256) {
        return all().stream().filter(begun -> begun.sha256().equals(sha256)).findFirst();
    }

    void begin(String sha256, BlockLayout layout) {
        database.run(
                "INSERT OR REPLACE INTO download(sha256, length, block_size, bits) VALUES(?, ?, ?, ?)",
                sha256,
                layout.length(),
                layout.blockSize(),
                new byte[0]);
    }

    void mark(String sha256, BitSet have) {
        database.run("UPDATE download SET bits = ? WHERE sha256 = ?", have.toByteArray(), sha256);
    }

    void forget(String sha256) {
        database.run("DELETE FROM download WHERE sha256 = ?", sha256);
    }
}
