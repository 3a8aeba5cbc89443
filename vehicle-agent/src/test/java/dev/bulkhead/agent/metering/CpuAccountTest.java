package dev.bulkhead.agent.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import org.junit.jupiter.api.Test;

class CpuAccountTest {
    private static final long MILLI = 1_000_000;
    /** One unit of fuel is a nanosecond. */
    private static final CpuClock NANOS = CpuClock.ofFuel(1_000);

    private final Parking strand = new Parking();
    private final CpuAccount account = account(Budget.OnExceed.THROTTLE);

    private CpuAccount account(Budget.OnExceed onExceed) {
        Budget budget = new Budget(10 * MILLI, 100 * MILLI, 50 * MILLI, 1 << 16, onExceed);
        return new CpuAccount(budget, NANOS, () -> strand.now, strand, () -> strand.warnings++);
    }

    /** A strand whose waiting is the clock's advance. */
    private static final class Parking implements Strand {
        long now = 7 * MILLI;
        int warnings;

        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {
            now = Math.max(now, nanos);
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    @Test
    void parksUntilThePeriodRefills() {
        account.begin();
        account.exhausted(10 * MILLI);
        assertEquals(107 * MILLI, strand.now);
        assertEquals(1, strand.warnings);
        assertEquals(1, account.usage().throttled());
        assertEquals(100 * MILLI, account.usage().throttledNanos());
    }

    @Test
    void tellsWhenThePeriodBeganAndWhatIsUsedOfIt() {
        account.begin();
        account.end(4 * MILLI);
        assertEquals(7 * MILLI, account.usage().periodStartNanos());
        assertEquals(4 * MILLI, account.usage().periodNanos());
        strand.now = 250 * MILLI;
        account.begin();
        assertEquals(207 * MILLI, account.usage().periodStartNanos());
        assertEquals(0, account.usage().periodNanos());
    }

    @Test
    void whatIsUsedBeyondTheQuotaIsADebtOfTheNextPeriods() {
        account.begin();
        account.end(25 * MILLI);
        account.begin();
        assertEquals(207 * MILLI, strand.now);
        assertEquals(5 * MILLI, account.usage().periodNanos());
    }

    @Test
    void killsACallbackBeyondItsLimit() {
        account.begin();
        KillException killed = assertThrows(KillException.class, () -> account.exhausted(50 * MILLI));
        assertEquals(KillCause.CALLBACK_LIMIT, killed.killCause());
    }

    @Test
    void killsAtTheQuotaWhenTheAppChoseThat() {
        CpuAccount strict = account(Budget.OnExceed.KILL);
        strict.begin();
        KillException killed = assertThrows(KillException.class, () -> strict.exhausted(10 * MILLI));
        assertEquals(KillCause.CPU_QUOTA, killed.killCause());
    }

    @Test
    void aLookEndsACallbackThatIsFarBeyondItsLimitOnly() {
        account.begin();
        strand.now += 1_000 * MILLI;
        account.look(69 * MILLI);
        KillException killed = assertThrows(KillException.class, () -> account.look(MILLI));
        assertEquals(KillCause.CALLBACK_LIMIT, killed.killCause());
        assertEquals(70 * MILLI, account.usage().fuel(), "nothing is counted twice");
    }

    @Test
    void whatALookLeavesTheNextSliceDoesNot() {
        account.begin();
        strand.now += 1_000 * MILLI;
        account.look(50 * MILLI);
        assertThrows(KillException.class, () -> account.exhausted(0));
    }

    @Test
    void aLookParksAGuestThatIsFarBeyondItsQuotaOnly() {
        account.begin();
        account.look(29 * MILLI);
        assertEquals(0, account.usage().throttled());
        account.look(MILLI);
        assertEquals(1, account.usage().throttled());
        assertEquals(107 * MILLI, strand.now);
        assertEquals(20 * MILLI, account.usage().periodNanos(), "the rest is a debt");
    }
}
