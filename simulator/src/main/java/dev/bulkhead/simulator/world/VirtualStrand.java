package dev.bulkhead.simulator.world;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.time.Scheduled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A strand in virtual time. Each turn is one event of the world, in the order the turns were handed in; a turn that parks
 * is suspended where it stands while the world goes on. Only one thing runs in a world at a time, so the fields need no
 * lock beyond the hand-over of the baton; the methods are synchronized for callers that set a world up from outside.
 */
public final class VirtualStrand implements Strand {
    private final String name;
    private final int mostTurns;
    private final World world;
    private final LoopThreads threads;
    private final Deque<Runnable> turns = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    private boolean interrupted;
    private LoopThreads.@Nullable Holder parked;
    private @Nullable Scheduled wake;

    VirtualStrand(String name, int mostTurns, World world, LoopThreads threads) {
        this.name = name;
        this.mostTurns = mostTurns;
        this.world = world;
        this.threads = threads;
    }

    @Override
    public synchronized boolean execute(Runnable turn) {
        if (closed || turns.size() >= mostTurns) {
            return false;
        }
        turns.add(turn);
        if (!busy) {
            busy = true;
            world.at(world.nanos(), this::runNext);
        }
        return true;
    }

    private void runNext() {
        Runnable turn = takeNext();
        if (turn == null) {
            return;
        }
        turn.run();
        world.at(world.nanos(), this::runNext);
    }

    private synchronized @Nullable Runnable takeNext() {
        Runnable turn = closed ? null : turns.poll();
        busy = turn != null;
        interrupted = false;
        return turn;
    }

    @Override
    public void parkUntil(long nanos) {
        LoopThreads.Holder me = threads.current();
        synchronized (this) {
            stopIfInterrupted();
            parked = me;
            wake = world.at(nanos, this::unpark);
        }
        try {
            threads.park(me);
        } catch (InterruptedException theWorldWasClosed) {
            throw new KillException(KillCause.STOPPED);
        }
        synchronized (this) {
            stopIfInterrupted();
        }
    }

    private synchronized void unpark() {
        LoopThreads.Holder holder = parked;
        if (holder != null) {
            parked = null;
            threads.resume(holder);
        }
    }

    private void stopIfInterrupted() {
        if (interrupted || closed) {
            throw new KillException(KillCause.STOPPED);
        }
    }

    @Override
    public synchronized void interrupt() {
        if (busy) {
            interrupted = true;
        }
        if (parked != null && wake != null && wake.cancel()) {
            wake = world.at(world.nanos(), this::unpark);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        turns.clear();
        interrupt();
    }

    @Override
    public String toString() {
        return "strand " + name;
    }
}
