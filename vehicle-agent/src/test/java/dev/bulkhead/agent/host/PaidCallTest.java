package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    /** Counts what is charged. */
    private static final class Purse extends ArrayMemory {
        private int charged;

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
                .filter(name -> !(PaidCall.of(name, nothing) instanceof PaidCall))
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
        assertSame(nothing, PaidCall.of("app.now_ns", nothing));
    }

    @Test
    void aCallOfAnyArityIsPaidOnceAndGetsItsArguments() {
        HostCall sum = (GuestMemory memory, long[] args) -> Arrays.stream(args).sum();
        HostCall paid = PaidCall.of("app.log", sum);
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
}
