package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.atomic.AtomicLongArray;

/** Events that tell an app which budget is used up, at most one a second for each. Thread-safe. */
final class BudgetWarnings {
    private static final long INTERVAL = 1_000_000_000L;

    private final NoticeSource notices;
    private final VehicleClock clock;
    /** When the app was last warned, by the budget's code. */
    private final AtomicLongArray warned = new AtomicLongArray(Scarce.values().length + 1);

    BudgetWarnings(NoticeSource notices, VehicleClock clock) {
        this.notices = notices;
        this.clock = clock;
        for (int code = 0; code < warned.length(); code++) {
            warned.set(code, clock.nanos() - INTERVAL);
        }
    }

    /** @param left nanoseconds, bytes or events that are left of it */
    void warn(Scarce budget, long left) {
        long now = clock.nanos();
        long before = warned.get(budget.code());
        if (now - before >= INTERVAL && warned.compareAndSet(budget.code(), before, now)) {
            notices.add(EventKind.BUDGET_WARNING, Status.OK.code(), 0, budget.code(), left, now);
        }
    }
}
