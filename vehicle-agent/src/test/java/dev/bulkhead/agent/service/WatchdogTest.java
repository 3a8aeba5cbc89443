package dev.bulkhead.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** As long as every thread answers the watchdog is fed; when one does not, it is named and nothing is told any more. */
class WatchdogTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final Deque<Runnable> control = new ArrayDeque<>();
    private final Deque<Runnable> audit = new ArrayDeque<>();
    private long now;

    private final VehicleClock clock = new VehicleClock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long unixMillis() {
            return now / 1_000_000;
        }
    };

    private final Herald herald = new Herald() {
        @Override
        public void tell(String state) {
            told.add(state);
        }

        @Override
        public Optional<Long> watchdogNanos() {
            return Optional.of(20 * SECOND);
        }
    };

    private Watchdog watchdog(Pulse.Vital... vitals) {
        return new Watchdog(new Pulse(List.of(vitals), clock, 10 * SECOND), herald, SECOND);
    }

    private void pass(int seconds, Watchdog dog, boolean controlTurns) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            dog.look();
            audit.forEach(Runnable::run);
            audit.clear();
            if (controlTurns) {
                control.forEach(Runnable::run);
                control.clear();
            }
        }
    }

    @Test
    void namesTheThreadThatStandsStillAndFeedsNoMoreUntilItTurnsAgain() {
        Watchdog dog = watchdog(new Pulse.Vital("control", control::add), new Pulse.Vital("audit", audit::add));
        pass(30, dog, true);
        assertEquals(30, told.size());
        assertEquals(List.of(), dog.stuck());

        pass(30, dog, false);
        assertEquals(List.of("control"), dog.stuck());
        assertEquals(1, control.size(), "a thread that stands still is asked once");
        assertEquals("STATUS=does not answer: control", told.getLast());
        int before = told.size();
        pass(5, dog, false);
        assertEquals(before, told.size());

        pass(2, dog, true);
        assertEquals(List.of(), dog.stuck());
        assertEquals("WATCHDOG=1\nSTATUS=running again", told.getLast());
    }

    @Test
    void aThreadThatTakesNoTurnsIsStuckToo() {
        Watchdog dog = watchdog(new Pulse.Vital("ota", turn -> {
            throw new RejectedExecutionException("full");
        }));
        pass(12, dog, true);
        assertEquals(List.of("ota"), dog.stuck());
    }
}
