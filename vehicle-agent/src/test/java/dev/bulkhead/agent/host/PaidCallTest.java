package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bulkhead.agent.files.ArrayMemory;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.contract.abi.HostFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PaidCallTest {
    private final Purse purse = new Purse();
    private long now;
    private final CallPace pace = new CallPace(() -> now);

    /** Counts what is charged. */
    private static final class Purse extends ArrayMemory {
        private int charged;
        private int looks;

        @Override
        public void look() {
            looks++;
        }

        @Override
        public void work(int units) {
            charged += units;
        }
    }

    @Test
    void allButTheQuickestCallsArePaidFor() {
        HostCall nothing = (memory, args) -> 0;
        Set<String> free = HostFunctions.table().stream()
                .map(function -> function.qualifiedName())
                .filter(name -> !(PaidCall.of(name, pace, nothing) instanceof PaidCall))
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
        assertSame(nothing, PaidCall.of("app.now_ns", pace, nothing));
    }

    @Test
    void aCallOfAnyArityIsPaidOnceAndGetsItsArguments() {
        HostCall sum = (GuestMemory memory, long[] args) -> Arrays.stream(args).sum();
        HostCall paid = PaidCall.of("app.log", pace, sum);
        assertEquals(
                List.of(0L, 1L, 3L, 6L, 10L, 15L),
                List.of(
                        paid.call0(purse),
                        paid.call1(purse, 1),
                        paid.call2(purse, 1, 2),
                        paid.call3(purse, 1, 2, 3),
                        paid.call4(purse, 1, 2, 3, 4),
                        paid.call(purse, new long[] {1, 2, 3, 4, 5})));
        assertEquals(6 * PaidCall.UNITS, purse.charged);
    }

    /** How often the CPU clock was looked at in so many calls that take this long. */
    private int looks(String function, int calls, long nanosEach) {
        HostCall call = PaidCall.of(function, new CallPace(() -> now), (memory, args) -> now += nanosEach);
        int before = purse.looks;
        for (int i = 0; i < calls; i++) {
            call.call0(purse);
        }
        return purse.looks - before;
    }

    @Test
    void theClockIsLookedAtOnceAMillisecondAndAfterEachCallThatTakesLonger() {
        assertEquals(100, looks("app.kv_list", 100, 4_700_000));
        assertEquals(20, looks("app.kv_put", 100, 200_000));
        assertEquals(1, looks("hal.can_send", 100, 15_000), "every sixteenth reads a clock");
        assertEquals(2, looks("hal.signal_read", 1_024, 3_000), "every 256th");
        assertEquals(0, looks("app.kv_put", 10_000, 0), "where no time passes nobody looks");
    }

    @Test
    void everyWeightIsThatOfAFunctionWhichIsPaidFor() {
        List<String> heavy = HostFunctions.table().stream()
                .map(function -> function.qualifiedName())
                .filter(name -> CallPace.weight(name) > 1)
                .toList();
        assertEquals(34, heavy.size());
        heavy.forEach(name -> assertInstanceOf(PaidCall.class, PaidCall.of(name, pace, (memory, args) -> 0)));
    }
}
