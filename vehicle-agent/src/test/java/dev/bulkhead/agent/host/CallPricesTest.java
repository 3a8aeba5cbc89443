package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.files.ArrayMemory;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.contract.abi.HostFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallPricesTest {
    private final Purse purse = new Purse();
    private long now;
    private final CallPrices prices = new CallPrices(() -> now);

    /** Counts what is charged. */
    private static final class Purse extends ArrayMemory {
        private int charged;
        private int measured;

        @Override
        public void measureSoon() {
            measured++;
        }

        @Override
        public void work(int units) {
            charged += units;
        }
    }

    @Test
    void allButTheQuickestCallsArePaidFor() {
        Set<String> free = HostFunctions.table().stream()
                .map(function -> function.qualifiedName())
                .filter(name -> isFree(prices.paid(name, (memory, args) -> 0)))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "hal.signal_get_f64",
                        "hal.signal_get_i64",
                        "hal.last_status",
                        "app.abi_version",
                        "app.now_ns",
                        "app.unix_ms",
                        "app.exit"),
                free);
    }

    private static boolean isFree(HostCall call) {
        return !(call instanceof PaidCall) && !(call instanceof TimedCall);
    }

    private List<Long> ofEveryArity(HostCall call) {
        return List.of(
                call.call0(purse),
                call.call1(purse, 1),
                call.call2(purse, 1, 2),
                call.call3(purse, 1, 2, 3),
                call.call4(purse, 1, 2, 3, 4),
                call.call(purse, new long[] {1, 2, 3, 4, 5}));
    }

    @Test
    void aCallOfAnyArityIsPaidOnceAndGetsItsArguments() {
        HostCall sum = (GuestMemory memory, long[] args) -> Arrays.stream(args).sum();
        assertEquals(List.of(0L, 1L, 3L, 6L, 10L, 15L), ofEveryArity(prices.paid("app.budget", sum)));
        assertEquals(6 * CallPrices.BRIEF, purse.charged);
        assertEquals(List.of(0L, 1L, 3L, 6L, 10L, 15L), ofEveryArity(prices.paid("app.kv_get", sum)));
        assertEquals(6 * (CallPrices.BRIEF + CallPrices.STORED), purse.charged);
    }

    @Test
    void everyNameWithAPriceIsAHostFunction() {
        Set<String> known = HostFunctions.table().stream()
                .map(function -> function.qualifiedName())
                .collect(Collectors.toSet());
        assertTrue(known.containsAll(CallPrices.LONG.keySet()), () -> CallPrices.LONG + " of " + known);
        assertTrue(known.containsAll(CallPrices.QUICK));
    }

    @Test
    void onceCallsHaveTakenAQuarterOfAMillisecondTheGuestIsMeasured() {
        HostCall put = prices.paid("app.kv_put", (memory, args) -> now += 60_000);
        HostCall log = prices.paid("app.log", (memory, args) -> now += 10_000);
        HostCall budget = prices.paid("app.budget", (memory, args) -> now += 10_000);
        for (int i = 0; i < CallTime.UNTIMED; i++) {
            put.call0(purse);
        }
        assertEquals(0, purse.measured, "the first are not timed");
        for (int i = 0; i < 4; i++) {
            put.call0(purse);
        }
        budget.call0(purse);
        assertEquals(0, purse.measured, "240 µs in calls that are timed");
        log.call0(purse);
        assertEquals(1, purse.measured);
        ofEveryArity(put);
        assertEquals(2, purse.measured, "five more");
    }

    @Test
    void whereNoTimePassesInACallNothingIsMeasured() {
        ofEveryArity(prices.paid("app.kv_list", (memory, args) -> 0));
        assertEquals(0, purse.measured);
    }
}
