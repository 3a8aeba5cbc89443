package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.Signature;
import dev.bulkhead.agent.sandbox.Strand;
import org.junit.jupiter.api.Test;

/** A guest that does nothing but call the host, in time that only passes in those calls. */
final class CallTimeTest {
    private static final long MEMORY = 1 << 20;
    private static final long LIMIT = 10_000_000;
    private static final byte[] CALLER = Wat2Wasm.parse("""
        (module (import "app" "kv_put" (func $put)) (memory 1)
          (func (export "forever") (loop $again (call $put) (br $again)))
          (func (export "times") (param $n i32)
            (loop $again (call $put)
              (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
        """);

    /** CPU time as a test moves it; all fuel lasts as long as a thread's clock may guess at most, four units a nanosecond. */
    private final class HandClock implements CpuClock {
        @Override
        public long nanos(long fuel) {
            return cpu;
        }

        @Override
        public long fuelFor(long nanos) {
            return 4 * nanos;
        }
    }

    /** Nothing here waits. */
    private static final class StillStrand implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {
            throw new AssertionError("nothing is throttled here");
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    private long cpu;
    private long calls;
    private long eachNanos;

    private Instance caller(CpuClock clock) {
        HostCall put = new CallPrices(() -> cpu).paid("app.kv_put", (memory, args) -> {
            calls++;
            cpu += eachNanos;
            return 0;
        });
        Signature signature = Signature.parse("()");
        Budget budget = new Budget(0, 10_000_000, LIMIT, MEMORY, Budget.OnExceed.KILL);
        return CompilingEngine.metered()
                .compile(CALLER, Limits.forMemory(MEMORY), (module, name) -> new ImportGate.Ruling.Known(signature))
                .instantiate(
                        HostImports.builder()
                                .function("app", "kv_put", signature, put)
                                .build(),
                        budget,
                        new CpuAccount(budget, clock, () -> 0, new StillStrand(), () -> {}));
    }

    private void endsWithin(long nanos) {
        Instance instance = caller(new HandClock());
        eachNanos = 0;
        assertInstanceOf(Outcome.Returned.class, instance.call("times", CallTime.UNTIMED));
        cpu = 0;
        eachNanos = nanos;
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("forever"));
        assertTrue(cpu >= LIMIT, "killed at " + cpu + " ns, before its limit");
        assertTrue(
                cpu <= LIMIT + CallTime.UNMEASURED + eachNanos, "killed at " + cpu + " ns with calls of " + eachNanos);
    }

    @Test
    void aLoopOverCallsEndsAtItsLimitAQuarterOfAMillisecondAndOneCallHoweverLongTheyTake() {
        endsWithin(1_000);
        endsWithin(19_000);
        endsWithin(40_000);
        endsWithin(1_300_000);
        endsWithin(30_000_000);
    }

    @Test
    void theFirstCallsOfAnInstanceAreNotHeldAgainstItForTheProcessMayBeCold() {
        eachNanos = LIMIT;
        Instance instance = caller(new HandClock());
        assertInstanceOf(Outcome.Returned.class, instance.call("times", CallTime.UNTIMED));
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("times", 2));
    }

    @Test
    void lookingAtTheClockCostsNoFuel() {
        Instance brief = caller(CpuClock.ofFuel(1_000_000));
        brief.call("times", 2_000);
        Instance slow = caller(CpuClock.ofFuel(1_000_000));
        eachNanos = 400_000;
        slow.call("times", 2_000);
        assertEquals(4_000, calls);
        assertEquals(brief.usage().fuel(), slow.usage().fuel());
    }

    @Test
    void whereFuelIsTimeItEndsAtTheSameCallOnEveryRun() {
        caller(CpuClock.ofFuel(200)).call("forever");
        long first = calls;
        // 10 ms are 2,000,000 units, a call takes the store's and a few more
        assertTrue(first > 200 && first <= 250, "called " + first + " times");
        for (int run = 0; run < 5; run++) {
            calls = 0;
            caller(CpuClock.ofFuel(200)).call("forever");
            assertEquals(first, calls, "run " + run);
        }
    }
}
