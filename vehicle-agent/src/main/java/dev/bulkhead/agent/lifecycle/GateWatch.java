package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.capability.Condition;
import dev.bulkhead.contract.capability.Readings;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Looks four times a second whether the conditions that updates wait for hold. Used under the orchestrator's lock. */
final class GateWatch {
    static final long EVERY_NANOS = 250_000_000L;

    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Readings readings;
    private final Consumer<String> opened;
    private final Map<String, Integer> rounds = new HashMap<>();
    private int lastRound;

    /** @param opened told the app id when its condition holds; on the scheduler */
    GateWatch(VehicleClock clock, Scheduler scheduler, Readings readings, Consumer<String> opened) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.readings = readings;
        this.opened = opened;
    }

    synchronized void watch(String appId, String condition) {
        Condition parsed = Condition.parse(condition);
        int round = ++lastRound;
        rounds.put(appId, round);
        look(appId, parsed, round, clock.nanos());
    }

    private void look(String appId, Condition condition, int round, long at) {
        scheduler.at(at, () -> {
            if (!current(appId, round)) {
                return;
            }
            if (condition.holds(readings)) {
                opened.accept(appId);
            }
            look(appId, condition, round, at + EVERY_NANOS);
        });
    }

    private synchronized boolean current(String appId, int round) {
        return Integer.valueOf(round).equals(rounds.get(appId));
    }

    synchronized void forget(String appId) {
        rounds.remove(appId);
    }
}
