package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.proto.AttackReport;
import java.util.List;

/**
 * The attacks seen, durable until the fleet has been told. Bounded: the newest are kept, and repeats of the newest are not
 * written again, so that an attacker cannot fill the disk.
 */
final class AttackLedger {
    static final int MOST_KEPT = 64;
    private static final int MOST_DETAIL = 500;

    private final LedgerDatabase database;

    AttackLedger(LedgerDatabase database) {
        this.database = database;
    }

    /** False when it is a repeat of the newest. */
    boolean note(String kind, String detail, long unixMillis) {
        String brief = detail.length() > MOST_DETAIL ? detail.substring(0, MOST_DETAIL) : detail;
        List<AttackReport> all = all();
        if (!all.isEmpty()
                && all.getLast().getKind().equals(kind)
                && all.getLast().getDetail().equals(brief)) {
            return false;
        }
        database.inTransaction(() -> {
            database.run("INSERT INTO attack(kind, detail, unix_ms) VALUES(?, ?, ?)", kind, brief, unixMillis);
            database.run("DELETE FROM attack WHERE seq <= (SELECT max(seq) FROM attack) - ?", MOST_KEPT);
        });
        return true;
    }

    /** Oldest first. */
    List<AttackReport> all() {
        return database.query(
                row -> AttackReport.newBuilder()
                        .setKind(row.getString(1))
                        .setDetail(row.getString(2))
                        .setUnixMs(row.getLong(3))
                        .build(),
                "SELECT kind, detail, unix_ms FROM attack ORDER BY seq");
    }
}
