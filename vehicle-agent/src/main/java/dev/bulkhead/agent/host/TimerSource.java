package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import org.jspecify.annotations.Nullable;

/** One timer of one app. A period that ends before the last was handled is counted, not queued. */
final class TimerSource implements EventSource {
    private final int id;
    private final EventInbox inbox;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Percentile lateness;

    // guarded by this
    private long dueNanos;
    private long periodNanos;
    private @Nullable Scheduled armed;
    private @Nullable Setting lent;
    private int round;
    private boolean due;
    private long dueSince;
    private long missed;
    private long missedTotal;

    TimerSource(int id, EventInbox inbox, VehicleClock clock, Scheduler scheduler, Percentile lateness) {
        this.lateness = lateness;
        this.id = id;
        this.inbox = inbox;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Fires at {@code firstNanos}, then every {@code period} nanoseconds; once when that is 0. */
    synchronized void set(long firstNanos, long period) {
        cancel();
        lent = null;
        dueNanos = firstNanos;
        periodNanos = period;
        arm();
    }

    private synchronized void arm() {
        int mine = ++round;
        armed = scheduler.at(dueNanos, () -> fire(mine));
    }

    private void fire(int mine) {
        synchronized (this) {
            if (mine != round) {
                return;
            }
            armed = null;
            if (due) {
                missed++;
                missedTotal++;
            } else {
                due = true;
                dueSince = dueNanos;
            }
            if (periodNanos > 0) {
                long behind = Math.max(0, clock.nanos() - dueNanos) / periodNanos;
                missed += behind;
                missedTotal += behind;
                dueNanos += (behind + 1) * periodNanos;
                arm();
            }
        }
        inbox.ready(this);
    }

    synchronized void cancel() {
        round++;
        if (armed != null) {
            armed.cancel();
            armed = null;
        }
        due = false;
        missed = 0;
        periodNanos = 0;
    }

    /** Rests, and says what it was set to, so that it can be set so elsewhere and, should it come to that, here again. */
    synchronized @Nullable Setting lend() {
        Setting given = setting();
        cancel();
        lent = given;
        return given;
    }

    /** What it was set to when it was lent; null when it was not. */
    synchronized @Nullable Setting lent() {
        return lent;
    }

    /** When it fires next and how often, to be carried into the next version; null when it rests. */
    synchronized @Nullable Setting setting() {
        return armed == null && !due ? null : new Setting(id, due ? dueSince : dueNanos, periodNanos);
    }

    /** True when it is set, or was before it was lent, to the same period. */
    synchronized boolean wouldTake(Setting other) {
        Setting mine = setting();
        Setting either = mine == null ? lent : mine;
        return either != null && either.periodNanos() == other.periodNanos();
    }

    /**
     * A timer as it was set.
     *
     * @param nextNanos when it fires next
     */
    record Setting(int id, long nextNanos, long periodNanos) {}

    @Override
    public synchronized void drain(EventWriter writer, int most) {
        if (due && most > 0) {
            writer.add(EventKind.TIMER, Status.OK.code(), id, 0, missed, 0, dueSince);
            lateness.add(clock.nanos() - dueSince);
            due = false;
            missed = 0;
        }
    }

    @Override
    public synchronized int waiting() {
        return due ? 1 : 0;
    }

    @Override
    public synchronized long dropped() {
        return missedTotal;
    }
}
