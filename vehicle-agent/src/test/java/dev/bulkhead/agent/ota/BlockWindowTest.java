package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class BlockWindowTest {
    private static final PullLimits LIMITS = new PullLimits(4, 2, 2, Duration.ofNanos(100), 1 << 20);

    @Test
    void asksForAWindowOfMissingBlocksInOrder() {
        BitSet have = new BitSet();
        have.set(1);
        BlockWindow window = new BlockWindow(10, have, LIMITS);
        assertEquals("{0, 2, 3, 4}", window.ask(0).toString());
    }

    @Test
    void asksForMoreWhenHalfTheWindowIsHere() {
        BlockWindow window = new BlockWindow(10, new BitSet(), LIMITS);
        window.ask(0);
        window.accept(0, 1);
        assertTrue(window.ask(1).isEmpty());
        window.accept(2, 2);
        assertEquals("{4, 5}", window.ask(2).toString());
    }

    @Test
    void asksAgainForABlockThatCameWrong() {
        BlockWindow window = new BlockWindow(3, new BitSet(), LIMITS);
        window.ask(0);
        window.accept(0, 1);
        window.reject(1);
        assertEquals("{1}", window.ask(1).toString());
    }

    @Test
    void countsBadBlocksUpToTheLimit() {
        BlockWindow window = new BlockWindow(3, new BitSet(), LIMITS);
        window.reject(0);
        window.reject(0);
        assertFalse(window.tooManyBad());
        window.reject(0);
        assertTrue(window.tooManyBad());
    }

    @Test
    void isOverdueAfterTheLastArrivalAndForgetsStallsThen() {
        BlockWindow window = new BlockWindow(9, new BitSet(), LIMITS);
        assertEquals(Long.MAX_VALUE, window.overdueAt());
        window.ask(10);
        assertEquals(110, window.overdueAt());
        window.accept(0, 60);
        assertEquals(160, window.overdueAt());
        window.stalled();
        window.stalled();
        assertFalse(window.tooManyStalls());
        window.accept(1, 70);
        window.stalled();
        assertFalse(window.tooManyStalls());
    }

    @Test
    void askingAgainAfterASilenceStartsTheWaitAnew() {
        BlockWindow window = new BlockWindow(9, new BitSet(), LIMITS);
        window.ask(0);
        window.stalled();
        window.ask(200);
        assertEquals(300, window.overdueAt());
    }

    @Test
    void tellsDuplicatesAndStrangersFromWantedBlocks() {
        BlockWindow window = new BlockWindow(3, new BitSet(), LIMITS);
        window.ask(0);
        window.accept(0, 1);
        assertEquals(BlockWindow.Arrival.DUPLICATE, window.arrived(0));
        assertEquals(BlockWindow.Arrival.WANTED, window.arrived(2));
        assertEquals(BlockWindow.Arrival.OUTSIDE, window.arrived(3));
        assertEquals(BlockWindow.Arrival.OUTSIDE, window.arrived(4_294_967_295L));
    }
}
