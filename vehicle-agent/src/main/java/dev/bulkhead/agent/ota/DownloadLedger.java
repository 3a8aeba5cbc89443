package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.pack.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    /** Takes out what cannot be read; those blocks are fetched anew. */
    void mend() {
        database.dropUnreadable("download", "sha256", DownloadLedger::begun);
    }

    List<Begun> all() {
        return database.query(DownloadLedger::begun, "SELECT * FROM download ORDER BY sha256");
    }

    private static Begun begun(ResultSet row) throws SQLException {
        BlockLayout layout = new BlockLayout(row.getLong("length"), row.getInt("block_size"));
        boolean named = row.getObject("sha256") instanceof String text && Digest.isHex(text);
        if (!named || !(row.getObject("bits") instanceof byte[] bits)) {
            throw new LedgerException("it holds no file's digest and bitmap");
        }
        BitSet have = BitSet.valueOf(bits);
        if (have.length() > layout.count()) {
            throw new LedgerException("it has block " + (have.length() - 1) + " of " + layout.count());
        }
        return new Begun(row.getString("sha256"), layout, have);
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
