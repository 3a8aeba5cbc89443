package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What element segments hold counts like tables, for as long as they are there. */
final class SegmentsTest {
    private static final int ITEMS = 10_000;
    private static final int PASSIVE = 1;
    private static final int REF_NULL = 0xD0;
    private static final int REF_FUNC = 0xD2;
    private static final int GLOBAL_GET = 0x23;
    private static final int[] ELEM_DROP = {0xFC, 13, 0};

    /** An element segment, and a function that is exported as {@code f}. */
    private static byte[] module(int flags, int table, int... code) {
        return new RawModule()
                .section(1, 1, type -> type.raw(0x60, 0, 1, RawModule.I32))
                .section(3, 1, function -> function.number(0))
                .section(4, 1, part -> part.raw(RawModule.FUNCREF, 0).number(table))
                .section(7, 1, export -> export.name("f").raw(0, 0))
                .section(9, 1, segment -> {
                    segment.raw(flags);
                    if (flags == 0) {
                        segment.raw(0x41, 0, RawModule.END);
                    } else {
                        segment.raw(0);
                    }
                    segment.number(ITEMS).times(ITEMS, item -> item.raw(0));
                })
                .section(
                        10,
                        1,
                        function -> function.sized(body -> body.raw(0).raw(code).raw(RawModule.END)))
                .bytes();
    }

    private static Instance instance(byte[] module, long budget, CpuMeter meter) {
        return Wat.compile(module, Limits.forMemory(budget))
                .instantiate(Wat.imports(), Budget.unlimitedCpu(budget), meter);
    }

    private static int[] and(int[] first, int... then) {
        int[] both = Arrays.copyOf(first, first.length + then.length);
        System.arraycopy(then, 0, both, first.length, then.length);
        return both;
    }

    /** What a meter is told the guest will have. */
    private static CpuMeter telling(List<Long> told) {
        return new CpuMeter() {
            private final CpuMeter unlimited = CpuMeter.unlimited();

            @Override
            public long begin() {
                return unlimited.begin();
            }

            @Override
            public long exhausted(long used) {
                return unlimited.exhausted(used);
            }

            @Override
            public void look(long used) {
                unlimited.look(used);
            }

            @Override
            public void end(long used) {
                unlimited.end(used);
            }

            @Override
            public boolean memoryGrows(long bytes) {
                told.add(bytes);
                return true;
            }

            @Override
            public void memoryRefused(long held, long wanted) {
                unlimited.memoryRefused(held, wanted);
            }
        };
    }

    @Test
    void aPassiveSegmentCountsUntilItIsDropped() {
        List<Long> told = new ArrayList<>();
        Instance instance = instance(module(PASSIVE, 1, and(ELEM_DROP, 0x41, 7)), Wat.PLENTY, telling(told));
        assertEquals(4 * ITEMS + 4, instance.usage().memoryBytes());
        assertEquals(new Outcome.Returned(List.of(7L)), instance.call("f"));
        assertEquals(4, instance.usage().memoryBytes());
        assertEquals(List.of(4L), told, "the app's account hears of it");
    }

    @Test
    void anActiveSegmentIsGoneBeforeTheGuestRuns() {
        Instance instance = instance(module(0, ITEMS, 0x41, 7), 4 * ITEMS, CpuMeter.unlimited());
        assertEquals(4 * ITEMS, instance.usage().memoryBytes(), "what its table has");
        assertEquals(new Outcome.Returned(List.of(7L)), instance.call("f"));
    }

    @Test
    void aPassiveSegmentAboveTheBudgetIsRefused() {
        byte[] module = module(PASSIVE, 1, 0x41, 7);
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> Wat.compile(module, Limits.forMemory(4 * ITEMS)));
        assertEquals(Reason.MEMORY_OVER_BUDGET, refusal.reason());
        assertTrue(
                refusal.getMessage().contains("40004 bytes are above the budget of 40000 bytes (at offset 0x"),
                refusal.getMessage());
    }

    @Test
    void aTableGrowsOnlyIntoWhatSegmentsLeave() {
        int[] grow = {REF_NULL, RawModule.FUNCREF, 0x41, 10, 0xFC, 15, 0};
        long budget = 4 * ITEMS + 4;
        assertEquals(-1, status(instance(module(PASSIVE, 1, grow), budget, CpuMeter.unlimited())));
        assertEquals(1, status(instance(module(PASSIVE, 1, and(ELEM_DROP, grow)), budget, CpuMeter.unlimited())));
    }

    private static int status(Instance instance) {
        return assertInstanceOf(Outcome.Returned.class, instance.call("f")).status();
    }

    @Test
    void itemsWrittenAsExpressionsAreFunctionsNullsAndGlobals() {
        byte[] module = new RawModule()
                .section(1, 1, type -> type.raw(0x60, 0, 1, RawModule.I32))
                .section(3, part -> part.raw(2, 0, 0))
                .section(4, 1, table -> table.raw(RawModule.FUNCREF, 0, 3))
                .section(6, 1, global -> global.raw(RawModule.FUNCREF, 0, REF_FUNC, 1, RawModule.END))
                .section(7, 1, export -> export.name("f").raw(0, 0))
                .section(
                        9,
                        1,
                        segment -> segment.raw(4, 0x41, 0, RawModule.END, 3)
                                .raw(REF_FUNC, 1, RawModule.END)
                                .raw(REF_NULL, RawModule.FUNCREF, RawModule.END)
                                .raw(GLOBAL_GET, 0, RawModule.END))
                .section(
                        10,
                        part -> part.number(2)
                                // calls elements 0 and 2, and adds whether element 1 is null
                                .sized(body -> body.raw(0, 0x41, 0, 0x11, 0, 0, 0x41, 2, 0x11, 0, 0, 0x6A)
                                        .raw(0x41, 1, 0x25, 0, 0xD1, 0x6A, RawModule.END))
                                .sized(body -> body.raw(0, 0x41, 20, RawModule.END)))
                .bytes();
        assertEquals(new Outcome.Returned(List.of(41L)), Wat.instance(module).call("f"));
    }
}
