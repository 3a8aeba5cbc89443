package dev.bulkhead.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.hal.time.Scheduled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorldTest {
    private final World world = new World(7);
    private final List<String> trace = new ArrayList<>();

    @AfterEach
    void endTheWorld() {
        world.close();
    }

    @Test
    void runsEventsByTimeThenPriorityThenArrival() {
        world.at(20, () -> note("c"));
        world.at(10, () -> note("b"));
        world.at(10, World.PHYSICS, () -> note("a"));
        world.at(20, () -> note("d"));
        world.runUntil(20);
        assertEquals(List.of("a@10", "b@10", "c@20", "d@20"), trace);
    }

    @Test
    void movesTheClockToTheHorizonAndNoFurther() {
        world.at(101, () -> note("late"));
        world.runUntil(100);
        assertEquals(100, world.nanos());
        assertEquals(List.of(), trace);
    }

    @Test
    void anEventOfThePastHappensNow() {
        world.runUntil(50);
        world.at(10, () -> note("overdue"));
        world.runUntil(60);
        assertEquals(List.of("overdue@50"), trace);
    }

    @Test
    void aCancelledEventDoesNotHappen() {
        Scheduled event = world.at(10, () -> note("never"));
        assertTrue(event.cancel());
        assertFalse(event.cancel());
        world.runUntil(20);
        assertEquals(List.of(), trace);
    }

    @Test
    void aParkedTurnKeepsItsStackWhileOthersRun() {
        var slow = world.strand("slow", 8);
        var quick = world.strand("quick", 8);
        slow.execute(() -> {
            note("slow begins");
            slow.parkUntil(100);
            note("slow ends");
        });
        slow.execute(() -> note("slow again"));
        world.at(50, () -> quick.execute(() -> note("quick")));
        world.runUntil(200);
        assertEquals(List.of("slow begins@0", "quick@50", "slow ends@100", "slow again@100"), trace);
    }

    @Test
    void manyParkedTurnsWakeInOrder() {
        for (int i = 0; i < 40; i++) {
            var strand = world.strand("s" + i, 1);
            int at = 1000 - i;
            strand.execute(() -> {
                strand.parkUntil(at);
                strand.parkUntil(at + 2000);
                note("woke");
            });
        }
        world.runUntil(5000);
        assertEquals(40, trace.size());
        assertEquals("woke@2961", trace.getFirst());
        assertEquals("woke@3000", trace.getLast());
    }

    @Test
    void anInterruptEndsAParkedTurnAtOnce() {
        var strand = world.strand("victim", 8);
        strand.execute(() -> {
            var kill = assertThrows(KillException.class, () -> strand.parkUntil(1000));
            note(kill.killCause().name());
        });
        world.at(30, strand::interrupt);
        world.runUntil(40);
        assertEquals(List.of(KillCause.STOPPED + "@30"), trace);
    }

    @Test
    void aClosedStrandTakesNoTurns() {
        var strand = world.strand("closed", 8);
        strand.execute(() -> note("dropped"));
        strand.close();
        assertFalse(strand.execute(() -> note("refused")));
        world.runUntil(10);
        assertEquals(List.of(), trace);
    }

    @Test
    void aFullMailboxRefusesTheTurn() {
        var strand = world.strand("full", 2);
        assertTrue(strand.execute(() -> note("1")));
        assertTrue(strand.execute(() -> note("2")));
        assertFalse(strand.execute(() -> note("3")));
    }

    @Test
    void aBrokenEventStopsTheWorldAndSaysWhen() {
        world.at(10, () -> {
            throw new IllegalArgumentException("broken");
        });
        var failure = assertThrows(IllegalStateException.class, () -> world.runUntil(20));
        assertEquals("an event failed at 10 ns", failure.getMessage());
        assertThrows(IllegalStateException.class, () -> world.runUntil(30));
    }

    @Test
    void componentsHaveChanceOfTheirOwnThatTheSeedDecides() {
        assertEquals(new World(7).random("bus").nextLong(), world.random("bus").nextLong());
        assertTrue(world.random("bus").nextLong() != world.random("driver").nextLong());
        assertTrue(new World(8).random("bus").nextLong() != world.random("bus").nextLong());
    }

    private void note(String what) {
        trace.add(what + "@" + world.nanos());
    }
}
