package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Fuel is counted the same on every run, and the account keeps quota and limits by it. 1,000 units of fuel are a microsecond here. */
final class MeteringTest {
    private static final String NESTED_LOOPS =
            "(module (func (export \"f\") (param i32) (result i32) (local i32 i32 i32)"
                    + "(loop $a (local.set 2 (i32.const 0))"
                    + " (loop $b (local.set 3 (i32.add (local.get 3) (local.get 2)))"
                    + "  (local.set 2 (i32.add (local.get 2) (i32.const 1))) (br_if $b (i32.lt_u (local.get 2) (i32.const 100))))"
                    + " (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if $a (i32.lt_u (local.get 1) (local.get 0))))"
                    + "(local.get 3)))";

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger throttled = new AtomicInteger();

    /** A strand whose parking is the passing of time. */
    private final class JumpingStrand implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {
            clock.accumulateAndGet(nanos, Math::max);
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    private CpuAccount account(Budget budget) {
        return new CpuAccount(
                budget, CpuClock.ofFuel(1_000), clock::get, new JumpingStrand(), throttled::incrementAndGet);
    }

    private static Instance instance(CpuMeter meter) {
        return Wat.instance(NESTED_LOOPS, meter);
    }

    @Test
    void chargesLoopHeadsByWhatFollows() {
        Instance instance = instance(CpuMeter.unlimited());
        assertEquals(new Outcome.Returned(List.of(4_950L)), instance.call("f", 1));
        long one = instance.usage().fuel();
        instance.call("f", 1_001);
        long thousandMore = instance.usage().fuel() - 2 * one;
        assertEquals(0, thousandMore % 1_000);
        assertTrue(thousandMore / 1_000 > 900, "a turn of the outer loop has 100 inner ones of 9: " + thousandMore);
    }

    @Test
    void chargesTheSameHoweverOftenItRan() {
        Instance instance = instance(CpuMeter.unlimited());
        long before = 0;
        long first = 0;
        for (int i = 0; i < 200; i++) {
            instance.call("f", 1_000);
            long used = instance.usage().fuel() - before;
            before = instance.usage().fuel();
            first = i == 0 ? used : first;
            assertEquals(first, used, "run " + i);
        }
    }

    @Test
    void chargesTheSameInSmallSlicesAsInLarge() {
        Instance plenty = instance(CpuMeter.unlimited());
        plenty.call("f", 5_000);
        Budget budget = new Budget(100_000, 1_000_000, 0, Wat.PLENTY, Budget.OnExceed.THROTTLE);
        Instance little = instance(account(budget));
        Outcome outcome = little.call("f", 5_000);
        assertEquals(plenty.call("f", 5_000), outcome);
        assertEquals(plenty.usage().fuel(), 2 * little.usage().fuel());
        assertTrue(throttled.get() > 10, "throttled " + throttled.get());
    }

    @Test
    void parksInTheMiddleOfACallbackUntilThePeriodRefills() {
        Budget budget = new Budget(1_000_000, 10_000_000, 0, Wat.PLENTY, Budget.OnExceed.THROTTLE);
        CpuAccount account = account(budget);
        Instance instance = instance(account);
        assertInstanceOf(Outcome.Returned.class, instance.call("f", 10_000));
        long periods = account.usage().totalNanos() / 1_000_000;
        assertTrue(clock.get() >= (periods - 1) * 10_000_000, clock.get() + " ns for " + account.usage());
        assertTrue(account.usage().throttled() >= periods - 1, account.usage().toString());
    }

    @Test
    void killsAtTheQuotaWhenTheAppChoseSo() {
        Budget budget = new Budget(1_000_000, 10_000_000, 0, Wat.PLENTY, Budget.OnExceed.KILL);
        assertEquals(
                new Outcome.Killed(KillCause.CPU_QUOTA, 0),
                instance(account(budget)).call("f", 1_000_000));
    }

    @Test
    void killsAtTheCallbackLimitAtTheSameInstructionEachTime() {
        Budget budget = new Budget(0, 10_000_000, 2_000_000, Wat.PLENTY, Budget.OnExceed.THROTTLE);
        long fuel = 0;
        for (int i = 0; i < 30; i++) {
            Instance instance = instance(account(budget));
            assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f", 1_000_000));
            fuel = i == 0 ? instance.usage().fuel() : fuel;
            assertEquals(fuel, instance.usage().fuel(), "run " + i);
        }
    }

    @Test
    void aDebtIsPaidByLaterPeriods() {
        Budget budget = new Budget(1_000_000, 10_000_000, 0, Wat.PLENTY, Budget.OnExceed.THROTTLE);
        CpuAccount account = account(budget);
        account.begin();
        account.end(5_000_000); // 5 ms at once, where 1 ms is allowed
        account.begin();
        assertTrue(clock.get() >= 40_000_000, "went on at " + clock.get());
    }

    @Test
    void anotherThreadCanKillAGuestThatLoops() throws InterruptedException {
        Instance instance = Wat.instance("(module (func (export \"f\") (loop $l (br $l))))");
        AtomicInteger killed = new AtomicInteger();
        Thread guest = Thread.ofPlatform().start(() -> {
            if (instance.call("f").equals(new Outcome.Killed(KillCause.STOPPED, 0))) {
                killed.incrementAndGet();
            }
        });
        instance.kill();
        guest.join(30_000);
        assertEquals(1, killed.get());
    }

    @Test
    void aGuestHandlerCannotCatchAKill() {
        // try_table with catch_all around an endless loop; wabt's text format does not know it, so it is spelled in
        // bytes
        byte[] body = {0x00, 0x1F, 0x40, 0x01, 0x02, 0x00, 0x03, 0x40, 0x0C, 0x00, 0x0B, 0x0B, 0x0B};
        byte[] module = new byte[8 + 6 + 4 + 7 + 4 + body.length];
        byte[] head = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 'f', 0, 0};
        System.arraycopy(head, 0, module, 0, head.length);
        byte[] code = {10, (byte) (body.length + 2), 1, (byte) body.length};
        System.arraycopy(code, 0, module, head.length, 4);
        System.arraycopy(body, 0, module, head.length + 4, body.length);
        Budget budget = new Budget(0, 10_000_000, 2_000_000, Wat.PLENTY, Budget.OnExceed.KILL);
        Instance instance =
                Wat.compile(module, Limits.forMemory(Wat.PLENTY)).instantiate(Wat.imports(), budget, account(budget));
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f"));
    }
}
