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

/** A guest that calls what takes long is stopped soon after its budget, though its fuel would last for seconds. */
final class SlowCallsTest {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long MEMORY = 1 << 20;

    /** What host functions took, and waiting: all the time there is but for that of fuel. */
    private long passed;

    private int parked;

    /** Fuel is quick here: a portion of 20 million is five milliseconds. */
    private final class QuickGuest implements CpuClock {
        @Override
        public long nanos(long fuel) {
            return passed + fuel / 4;
        }

        @Override
        public long fuelFor(long nanos) {
            return nanos * 4;
        }
    }

    private final class Waiting implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {
            parked++;
            passed = Math.max(passed, nanos);
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    /** An instance whose {@code f} calls the function so many times; a call takes this long. */
    private Instance calling(String function, long nanos, CpuAccount account) {
        byte[] module = Wat2Wasm.parse("""
                (module (import "env" "slow" (func $slow)) (memory 1)
                  (func (export "f") (param i32)
                    (loop $again
                      (call $slow)
                      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
                """);
        HostCall slow = PaidCall.of(function, new CallPace(() -> passed), (memory, args) -> passed += nanos);
        Signature signature = Signature.parse("()");
        return CompilingEngine.metered()
                .compile(module, Limits.forMemory(MEMORY), (from, name) -> new ImportGate.Ruling.Known(signature))
                .instantiate(
                        HostImports.builder()
                                .function("env", "slow", signature, slow)
                                .build(),
                        Budget.unlimitedCpu(MEMORY),
                        account);
    }

    private CpuAccount account(long quota) {
        Budget budget = new Budget(quota, 100 * MILLI, 10 * MILLI, MEMORY, Budget.OnExceed.THROTTLE);
        return new CpuAccount(budget, new QuickGuest(), () -> passed, new Waiting(), () -> {});
    }

    private void killedBy(String function, long nanos, long latest) {
        CpuAccount account = account(0);
        Instance instance = calling(function, nanos, account);
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f", 1_000_000));
        long took = account.usage().totalNanos();
        assertTrue(took >= 10 * MILLI && took <= latest, () -> function + ": " + took);
    }

    @Test
    void aCallbackOfSlowCallsEndsWithinTwentyMillisecondsAndALookOfItsLimit() {
        long bound = 10 * MILLI + CpuAccount.LEEWAY_NANOS + CallPace.APART_NANOS;
        killedBy("app.kv_list", 4_700 * MICRO, bound + 4_700 * MICRO);
        killedBy("app.kv_put", 240 * MICRO, bound + 240 * MICRO);
        killedBy("app.log", 20 * MICRO, bound + 20 * MICRO);
        killedBy("hal.can_send", 60 * MICRO, bound + 16 * 60 * MICRO);
        killedBy("hal.signal_read", 2 * MICRO, bound + 256 * 2 * MICRO);
    }

    @Test
    void whatTheFirstCallsOfAProcessTakeKillsNobody() {
        Instance instance = calling("app.log", 1_000 * MICRO, account(0));
        assertInstanceOf(Outcome.Returned.class, instance.call("f", 29));
    }

    @Test
    void aCallbackOfSlowCallsIsThrottledInItsMiddle() {
        CpuAccount account = new CpuAccount(
                new Budget(5 * MILLI, 100 * MILLI, 0, MEMORY, Budget.OnExceed.THROTTLE),
                new QuickGuest(),
                () -> passed,
                new Waiting(),
                () -> {});
        Instance instance = calling("app.kv_put", 200 * MICRO, account);
        assertInstanceOf(Outcome.Returned.class, instance.call("f", 1_000));
        // 200 ms of calls, of which 25 come before the first look that parks it and 5 in each period after that
        assertTrue(parked >= 33 && parked <= 36, () -> parked + " times");
    }
}
