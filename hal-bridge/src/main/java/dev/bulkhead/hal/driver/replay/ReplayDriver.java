package dev.bulkhead.hal.driver.replay;

import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.time.Scheduled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a virtual bus for every bus named in a log and plays its frames at the pace of their timestamps, on the scheduler; with a
 * factor, faster or slower; or at once, {@value #BATCH} at a time so that readers get their turn. The same log gives the same frames in
 * the same order.
 */
public final class ReplayDriver implements Driver {
    private final String logName;
    private static final int BATCH = 64;
    private static final double AT_ONCE = Double.POSITIVE_INFINITY;

    private final double speed;
    private final long leadNanos;
    private final ArrayDeque<CandumpLine> rest;
    private final Map<String, CanPort> ports = new HashMap<>();
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
        List<String> buses = new ArrayList<>(
                new TreeSet<>(rest.stream().map(CandumpLine::bus).toList()));
        for (String name : buses) {
            VirtualCanBus bus = new VirtualCanBus(name, true, context.clock());
            context.attach(bus);
            ports.put(name, bus.open(List.of(), 1, () -> {}));
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
            CanPort port = ports.get(line.bus());
            if (port != null && !line.frame().isError()) {
                port.send(line.frame());
            }
        }
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
