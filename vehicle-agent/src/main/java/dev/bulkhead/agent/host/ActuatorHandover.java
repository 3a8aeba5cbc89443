package dev.bulkhead.agent.host;

import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorView;
import java.util.ArrayList;
import java.util.List;

/** Moves what one session owns to the next without a gap, both strands being still. */
final class ActuatorHandover {
    private ActuatorHandover() {}

    static void run(AppSession live, AppSession next) {
        List<SignalResource> signals = new ArrayList<>();
        List<ActuatorClaim> heirs = new ArrayList<>();
        for (Resource resource : next.handles().all()) {
            if (resource instanceof SignalResource signal && signal.claim() != null) {
                signals.add(signal);
                heirs.add(signal.claim());
            }
        }
        next.services().actuators().handOver(live.owner(), heirs);
        signals.forEach(signal -> claimForReal(signal, next));
    }

    /** What was acquired in the shadow is acquired now, with its own priority and a whole lease, whether the old version had it or not. */
    private static void claimForReal(SignalResource signal, AppSession next) {
        ActuatorClaim claim = signal.claim();
        SignalResource.Tenancy wished = signal.wished();
        signal.wished(null);
        if (claim == null || wished == null) {
            return;
        }
        ActuationOutcome outcome = claim.acquire(wished.priority(), wished.leaseNanos());
        if (!outcome.done() && !owns(next, claim)) {
            next.actuatorLost(signal.handle(), outcome.code());
        }
    }

    private static boolean owns(AppSession session, ActuatorClaim claim) {
        ActuatorBoard board = session.services().actuators();
        return board.view(claim.actuator().id())
                .flatMap(ActuatorView::owner)
                .filter(session.owner()::equals)
                .isPresent();
    }
}
