package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandOverMomentTest {
    private final List<String> seen = new ArrayList<>();
    private final Time time = new Time();
    private final GuardedStrand strand =
            new GuardedStrand(new Ranked(), "com.acme.fan#1", (where, fault) -> {}, seen::add);
    private final HandOverMoment moment = new HandOverMoment(time, time, strand);

    /** Writes down what it is ranked; its turns run at once. */
    private final class Ranked implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {}

        @Override
        public void rank(Rank rank) {
            seen.add(rank.name());
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    private static final class Time implements VehicleClock, Scheduler {
        private record Due(long nanos, Runnable task) {}

        private final ArrayDeque<Due> waiting = new ArrayDeque<>();
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long unixMillis() {
            return 0;
        }

        @Override
        public Scheduled at(long nanos, Runnable task) {
            waiting.add(new Due(nanos, task));
            return () -> false;
        }

        void toMillis(long millis) {
            now = millis * 1_000_000;
            for (Iterator<Due> each = waiting.iterator(); each.hasNext(); ) {
                Due due = each.next();
                if (due.nanos() <= now) {
                    each.remove();
                    due.task().run();
                }
            }
        }
    }

    private void handOver() {
        seen.add("hands over");
    }

    @Test
    void handsOverRightAfterTheFirstEventOnceTheStepsBeforeAreDoneAndIsUrgentMeanwhile() {
        moment.await(this::handOver);
        moment.come();
        time.toMillis(4);
        moment.come();
        assertEquals(List.of(), seen);
        time.toMillis(5);
        assertEquals(List.of("URGENT"), seen);
        moment.come();
        time.toMillis(20);
        assertEquals(List.of("URGENT", "hands over", "APP"), seen);
    }

    @Test
    void handsOverWithoutAnEventWhereNoneComes() {
        moment.await(this::handOver);
        time.toMillis(5);
        time.toMillis(7);
        assertEquals(List.of("URGENT", "hands over", "APP"), seen);
    }

    @Test
    void isNoLongerUrgentWhenTheHandOverFails() {
        moment.await(() -> {
            throw new IllegalStateException("broken");
        });
        time.toMillis(5);
        time.toMillis(7);
        assertEquals(
                List.of("URGENT", "APP", "host fault in hand over: java.lang.IllegalStateException: broken"), seen);
    }

    @Test
    void whoTookOverIsToldOfOnlyWhenEventsNoLongerWaitAndIsAnAppAsOthersAfterThat() {
        moment.approach();
        moment.tell(() -> seen.add("told"));
        moment.settle();
        time.toMillis(4);
        assertEquals(List.of("URGENT"), seen);
        time.toMillis(5);
        assertEquals(List.of("URGENT", "told"), seen);
        time.toMillis(10);
        assertEquals(List.of("URGENT", "told", "APP"), seen);
    }
}
