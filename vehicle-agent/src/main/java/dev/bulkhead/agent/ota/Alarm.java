package dev.bulkhead.agent.ota;

import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way for every attack seen: into the ledger for the fleet, to the witness for the audit log, to the agent's log. At most
 * {@value #MOST_A_MINUTE} a minute are told one by one; whoever sends more is told of as a number, so that an attacker fills
 * neither the disk nor the log. Used from the client's strand only; {@link #last} from anywhere.
 */
final class Alarm {
    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);
    static final int MOST_A_MINUTE = 20;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AttackLedger ledger;
    private final Witness witness;
    private final VehicleClock clock;
    private final Runnable told;
    private volatile String last = "";
    private long minuteBegan;
    private int thisMinute;
    private long untold;

    /** @param told runs after each that was recorded, so that the fleet hears of it in the next version manifest */
    Alarm(AttackLedger ledger, Witness witness, VehicleClock clock, Runnable told) {
        this.ledger = ledger;
        this.witness = witness;
        this.clock = clock;
        this.told = told;
        this.minuteBegan = clock.nanos();
    }

    void raise(String kind, String detail) {
        last = kind + ": " + detail;
        tick();
        if (thisMinute >= MOST_A_MINUTE) {
            untold++;
        } else if (tell(kind, detail)) {
            thisMinute++;
        }
    }

    /** Begins a new minute when the old one is over, and tells of what was not told in it. */
    void tick() {
        if (clock.nanos() - minuteBegan < MINUTE) {
            return;
        }
        minuteBegan = clock.nanos();
        thisMinute = 0;
        if (untold > 0) {
            tell("flood", untold + " more refusals within a minute were not recorded one by one");
            untold = 0;
        }
    }

    /** False for a repeat of the newest. */
    private boolean tell(String kind, String detail) {
        if (!ledger.note(kind, detail, clock.unixMillis())) {
            return false;
        }
        LOG.warn("refused, {}: {}", kind, detail);
        witness.attackSeen(kind, detail);
        told.run();
        return true;
    }

    /** The newest one since the start, in words; empty when there was none. */
    String last() {
        return last;
    }
}
