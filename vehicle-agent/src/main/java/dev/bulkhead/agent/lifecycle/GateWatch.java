package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.capability.Condition;
import dev.bulkhead.contract.capability.Readings;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.HashMap;
import java.util.List;
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

    /** @param opened told the name when its conditions hold; on the scheduler */
    GateWatch(VehicleClock clock, Scheduler scheduler, Readings readings, Consumer<String> opened) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.readings = readings;
        this.opened = opened;
    }

    /** Watches conditions that must all hold at once. */
    synchronized void watch(String name, List<String> conditions) {
        List<Condition> parsed = conditions.stream().map(Condition::parse).toList();
        int round = ++lastRound;
        rounds.put(name, round);
        look(name, parsed, round, clock.nanos());
    }

    private void look(String name, List<Condition> conditions, int round, long at) {
        scheduler.at(at, () -> {
            if (!current(name, round)) {
                return;
            }
            if (conditions.stream().allMatch(condition -> condition.holds(readings))) {
                opened.accept(name);
            }
            look(name, conditions, round, at + EVERY_NANOS);
        });
    }

    private synchronized boolean current(String name, int round) {
        return Integer.valueOf(round).equals(rounds.get(name));
    }

    synchronized void forget(String name) {
        rounds.remove(name);
    }

    /** Forgets every name but these, and begins to watch those that are new. What is watched for a name never changes. */
    synchronized void watchOnly(Map<String, List<String>> wanted) {
        rounds.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, conditions) -> {
            if (!rounds.containsKey(name)) {
                watch(name, conditions);
            }
        });
    }
}
