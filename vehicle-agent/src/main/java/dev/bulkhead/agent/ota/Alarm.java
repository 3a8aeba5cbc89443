package dev.bulkhead.agent.ota;

import dev.bulkhead.hal.time.VehicleClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way for every attack seen: into the ledger for the fleet, to the witness for the audit log, to the agent's log. */
final class Alarm {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final AttackLedger ledger;
    private final Witness witness;
    private final VehicleClock clock;
    private volatile String last = "";

    Alarm(AttackLedger ledger, Witness witness, VehicleClock clock) {
        this.ledger = ledger;
        this.witness = witness;
        this.clock = clock;
    }

    void raise(String kind, String detail) {
        last = kind + ": " + detail;
        if (ledger.note(kind, detail, clock.unixMillis())) {
            LOG.warn("refused, {}: {}", kind, detail);
            witness.attackSeen(kind, detail);
        }
    }

    /** The newest one since the start, in words; empty when there was none. */
    String last() {
        return last;
    }
}
