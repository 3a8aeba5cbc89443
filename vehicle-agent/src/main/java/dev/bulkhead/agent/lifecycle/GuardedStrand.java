package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The strand of one compartment: nothing that goes wrong in a turn ends it, and what does is told. For the cut of a hand-over it is lent: the live
 * release's thread does the work then. Any thread.
 */
final class GuardedStrand {
    private final Strand strand;
    private final String who;
    private final CompartmentParts.HostFaults faults;
    private final Consumer<String> failed;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean lent; // guarded by waiting

    /** @param failed told what went wrong */
    GuardedStrand(Strand strand, String who, CompartmentParts.HostFaults faults, Consumer<String> failed) {
        this.strand = strand;
        this.who = who;
        this.faults = faults;
        this.failed = failed;
    }

    Strand strand() {
        return strand;
    }

    /** A turn that the compartment cannot do without. */
    void turn(String what, Runnable work) {
        if (!offer(what, work)) {
            failed.accept("its strand takes no more turns");
        }
    }

    /** False when the strand takes no more turns. */
    boolean offer(String what, Runnable work) {
        return strand.execute(() -> {
            if (!waits(what, work)) {
                guard(what, work);
            }
        });
    }

    /** Does the compartment's work here and now; what goes wrong is told as in a turn. On the strand, or where it was lent to. */
    void guard(String what, Runnable work) {
        try {
            work.run();
        } catch (KillException e) {
            if (e.killCause() != KillCause.STOPPED) {
                failed.accept("killed in " + what);
            }
        } catch (RuntimeException | Error e) {
            faults.failed(who + " " + what, e);
            failed.accept("host fault in " + what + ": " + e);
        }
    }

    /** On the strand: from here on another thread does the compartment's work, and turns wait. */
    void lend() {
        synchronized (waiting) {
            lent = true;
        }
    }

    /** The other thread is done: the turns that waited run in their order, before all later ones. Any thread; may be called again. */
    void giveBack() {
        strand.execute(() -> {
            for (Runnable turn = nextWaiting(); turn != null; turn = nextWaiting()) {
                turn.run();
            }
        });
    }

    private @Nullable Runnable nextWaiting() {
        synchronized (waiting) {
            lent &= !waiting.isEmpty();
            return waiting.poll();
        }
    }

    private boolean waits(String what, Runnable work) {
        synchronized (waiting) {
            return lent && waiting.add(() -> guard(what, work));
        }
    }

    void interrupt() {
        strand.interrupt();
    }

    void close() {
        strand.close();
    }
}
