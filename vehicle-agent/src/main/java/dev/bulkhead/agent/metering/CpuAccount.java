package dev.bulkhead.agent.metering;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CpuMeter;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.function.LongSupplier;

/**
 * Keeps one instance within its CPU quota per period and its per-callback limit (sandbox.md, Metering). What is used beyond the quota is a
 * debt of the next periods. Used on the strand; {@link #usage} from any thread.
 */
public final class CpuAccount implements CpuMeter {
    /** Longest slice: bounds how late an overrun, an interrupt or a kill is noticed. */
    private static final long LONGEST_SLICE = 20_000_000;

    private static final long LONGEST_SLICE_NANOS = 5_000_000;

    private static final long SHORTEST_SLICE = 2_000;

    /**
     * What a guest may have used beyond a budget when it is looked at in the middle of a slice. The first calls of a process load the host's classes and
     * interpret them, which is none of the guest's doing, and no app is to end for that.
     */
    public static final long LEEWAY_NANOS = 20_000_000;

    private final Budget budget;
    private final CpuClock cpu;
    private final LongSupplier clock;
    private final Strand strand;
    private final Runnable onThrottle;

    private long periodStart;
    private long periodUsed;
    private long callbackUsed;
    private long lastCpu;
    private volatile CpuUsage usage;

    /**
     * @param clock the vehicle's monotonic clock, nanoseconds
     * @param onThrottle told on the strand each time the quota is used up and the guest is about to be parked
     */
    public CpuAccount(Budget budget, CpuClock cpu, LongSupplier clock, Strand strand, Runnable onThrottle) {
        this.budget = budget;
        this.cpu = cpu;
        this.clock = clock;
        this.strand = strand;
        this.onThrottle = onThrottle;
        this.periodStart = clock.getAsLong();
        this.usage = new CpuUsage(0, 0, periodStart, 0, 0, 0);
    }

    public CpuUsage usage() {
        return usage;
    }

    @Override
    public long begin() {
        lastCpu = cpu.nanos(usage.fuel());
        callbackUsed = 0;
        refill();
        keepQuota(0);
        return slice();
    }

    @Override
    public long exhausted(long used) {
        keep(used, 0);
        return slice();
    }

    @Override
    public void look(long used) {
        keep(used, LEEWAY_NANOS);
    }

    private void keep(long used, long leeway) {
        charge(used);
        if (Thread.interrupted()) {
            throw new KillException(KillCause.STOPPED);
        }
        if (budget.callbackNanos() > 0 && callbackUsed >= budget.callbackNanos() + leeway) {
            throw new KillException(KillCause.CALLBACK_LIMIT);
        }
        refill();
        keepQuota(leeway);
    }

    @Override
    public void end(long used) {
        charge(used);
    }

    private void charge(long used) {
        long fuel = usage.fuel() + used;
        long now = cpu.nanos(fuel);
        long spent = now - lastCpu;
        lastCpu = now;
        periodUsed += spent;
        callbackUsed += spent;
        usage = new CpuUsage(
                usage.totalNanos() + spent, periodUsed, periodStart, usage.throttled(), usage.throttledNanos(), fuel);
    }

    private void refill() {
        long elapsed = clock.getAsLong() - periodStart;
        long periods = elapsed / budget.periodNanos();
        if (periods > 0) {
            periodStart += periods * budget.periodNanos();
            long refilled = Math.min(periods, 1_000_000) * budget.quotaNanos();
            periodUsed = Math.max(0, periodUsed - refilled);
            usage = new CpuUsage(
                    usage.totalNanos(),
                    periodUsed,
                    periodStart,
                    usage.throttled(),
                    usage.throttledNanos(),
                    usage.fuel());
        }
    }

    private void keepQuota(long leeway) {
        while (budget.quotaNanos() > 0 && periodUsed >= budget.quotaNanos() + leeway) {
            if (budget.onExceed() == Budget.OnExceed.KILL) {
                throw new KillException(KillCause.CPU_QUOTA);
            }
            park();
            refill();
        }
    }

    private void park() {
        long before = clock.getAsLong();
        usage = new CpuUsage(
                usage.totalNanos(),
                periodUsed,
                periodStart,
                usage.throttled() + 1,
                usage.throttledNanos(),
                usage.fuel());
        onThrottle.run();
        strand.parkUntil(periodStart + budget.periodNanos());
        long parked = clock.getAsLong() - before;
        usage = new CpuUsage(
                usage.totalNanos(),
                periodUsed,
                periodStart,
                usage.throttled(),
                usage.throttledNanos() + parked,
                usage.fuel());
        // what the host did meanwhile on this thread is not the guest's
        lastCpu = cpu.nanos(usage.fuel());
    }

    private long slice() {
        long nanos = Long.MAX_VALUE;
        if (budget.quotaNanos() > 0) {
            nanos = budget.quotaNanos() - periodUsed;
        }
        if (budget.callbackNanos() > 0) {
            nanos = Math.min(nanos, budget.callbackNanos() - callbackUsed);
        }
        long fuel = cpu.fuelFor(Math.clamp(nanos, 1, LONGEST_SLICE_NANOS));
        return Math.clamp(fuel, Math.min(SHORTEST_SLICE, fuel), LONGEST_SLICE);
    }
}
