package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.function.Consumer;

/** The strand of one compartment: nothing that goes wrong in a turn ends it, and what does is told. Any thread. */
final class GuardedStrand {
    private final Strand strand;
    private final String who;
    private final CompartmentParts.HostFaults faults;
    private final Consumer<String> failed;

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
            try {
                work.run();
            } catch (KillException e) {
                if (e.killCause() != KillCause.STOPPED) {
                    failed.accept("killed in " + what);
                }
            } catch (RuntimeException | StackOverflowError e) {
                faults.failed(who + " " + what, e);
                failed.accept("host fault in " + what + ": " + e);
            }
        });
    }

    void interrupt() {
        strand.interrupt();
    }

    void close() {
        strand.close();
    }
}
