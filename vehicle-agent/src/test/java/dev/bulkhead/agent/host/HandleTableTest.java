package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.security.audit.UsageCounter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandleTableTest {
    private final SignalStore store = new Bench().signals;
    private final HandleTable table = new HandleTable(HandleTable.MOST, HeldMemory.unbounded());

    private Resource resource() {
        return new SignalResource(store.cell(0), Layouts.MODE_READ, UsageCounter.ofNobody());
    }

    @Test
    void aHandleFindsWhatItWasGivenForHoweverManyThereAre() {
        List<Resource> given = new ArrayList<>();
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < HandleTable.MOST; i++) {
            given.add(resource());
            handles.add(table.add(given.getLast()));
        }
        for (int i = 0; i < HandleTable.MOST; i++) {
            assertSame(given.get(i), table.find(handles.get(i)));
        }
        assertTrue(table.full());
        assertEquals(-1, table.add(resource()));
        assertEquals(given, table.all());
    }

    @Test
    void aHandleKeptAfterClosingFindsNothingWhenItsSlotIsUsedAgain() {
        int first = table.add(resource());
        table.remove(first);
        Resource second = resource();
        int again = table.add(second);
        assertNotEquals(first, again);
        assertNull(table.find(first));
        assertNull(table.remove(first));
        assertSame(second, table.find(again));
        assertEquals(1, table.size());
    }

    @Test
    void aNumberThatWasNeverGivenFindsNothing() {
        int handle = table.add(resource());
        long[] made = {
            0,
            1,
            -1,
            handle + 1L,
            -handle,
            handle | 1L << 31,
            handle | 1L << 32,
            handle | 1L << 63,
            handle & 0xFFF,
            (1L << 31) - 1,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            Long.MAX_VALUE
        };
        for (long number : made) {
            assertNull(table.find(number), () -> Long.toHexString(number));
            assertNull(table.remove(number), () -> Long.toHexString(number));
        }
        assertEquals(1, table.size());
    }

    @Test
    void generationsBeginAgainWithoutAHandleOfNought() {
        int handle = table.add(resource());
        for (int i = 0; i < 1 << 19; i++) {
            table.remove(handle);
            handle = table.add(resource());
            assertTrue(handle > 0);
        }
    }
}
