package dev.bulkhead.hal.driver.replay;

import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.time.Scheduled;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a virtual bus for every bus named in a log and plays its frames at the pace of their timestamps, on the scheduler; with a
 * factor, faster or slower; or at once, {@value #BATCH} at a time so that readers get their turn. The same log gives the same frames in
 * the same order. Played at once, frames carry the times of the log, the last one that of the start, so that a mapping's
 * {@code interval_ms} thins out what it would on the road, and no more.
 */
public final class ReplayDriver implements Driver {
    private final String logName;
    private static final int BATCH = 64;
    private static final double AT_ONCE = Double.POSITIVE_INFINITY;

    private final double speed;
    private final long leadNanos;
    private final ArrayDeque<CandumpLine> rest;
    private final Map<String, VirtualCanBus> buses = new HashMap<>();
    private final long lengthMicros;
    private @Nullable Scheduled next;
    private boolean closed;

    /**
     * @param lines in the order of their time
     * @param speed 1: as recorded; 2: twice as fast
     */
    public ReplayDriver(String logName, Collection<CandumpLine> lines, double speed) {
        this(logName, lines, speed, 0);
    }

    /**
     * @param lines in the order of their time
     * @param speed 1: as recorded; 2: twice as fast
     * @param leadNanos from the start of the driver to the first frame, so that others can begin to listen
     */
    public ReplayDriver(String logName, Collection<CandumpLine> lines, double speed, long leadNanos) {
        this(logName, new ArrayDeque<>(lines), checked(speed), leadNanos);
    }

    private ReplayDriver(String logName, ArrayDeque<CandumpLine> lines, double speed, long leadNanos) {
        this.logName = logName;
        this.rest = lines;
        this.speed = speed;
        this.leadNanos = leadNanos;
        this.lengthMicros = lines.isEmpty()
                ? 0
                : lines.getLast().unixMicros() - lines.getFirst().unixMicros();
    }

    /** Plays as fast as readers on the scheduler follow. */
    public static ReplayDriver atOnce(String logName, Collection<CandumpLine> lines, long leadNanos) {
        return new ReplayDriver(logName, new ArrayDeque<>(lines), AT_ONCE, leadNanos);
    }

    private static double checked(double speed) {
        if (!(speed > 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException("replay speed must be above 0, not " + speed);
        }
        return speed;
    }

    @Override
    public String name() {
        return "replay:" + logName;
    }

    @Override
    public synchronized void start(DriverContext context) {
        for (String name : new TreeSet<>(rest.stream().map(CandumpLine::bus).toList())) {
            VirtualCanBus bus = new VirtualCanBus(name, true, context.clock());
            context.attach(bus);
            buses.put(name, bus);
        }
        CandumpLine first = rest.peekFirst();
        if (first != null) {
            play(context, context.clock().nanos() + leadNanos, first.unixMicros());
        }
    }

    /** Plays what is due and goes to sleep until the next frame. */
    private synchronized void play(DriverContext context, long startNanos, long startMicros) {
        for (int played = 0; !closed && !rest.isEmpty(); played++) {
            CandumpLine line = rest.getFirst();
            long due = startNanos + (long) ((line.unixMicros() - startMicros) * 1_000 / speed);
            if (due > context.clock().nanos() || played == BATCH) {
                next = context.scheduler().at(due, () -> play(context, startNanos, startMicros));
                return;
            }
            rest.removeFirst();
            VirtualCanBus bus = buses.get(line.bus());
            if (bus != null && !line.frame().isError()) {
                bus.carry(line.frame(), due + sinceTheLog(line, startMicros));
            }
        }
    }

    /** Where all are due at once, how long before the last one this one was. */
    private long sinceTheLog(CandumpLine line, long startMicros) {
        return speed == AT_ONCE ? (line.unixMicros() - startMicros - lengthMicros) * 1_000 : 0;
    }

    /** How many frames are still to be played. */
    public synchronized int remaining() {
        return rest.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
