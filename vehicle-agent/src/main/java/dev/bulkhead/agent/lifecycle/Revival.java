package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import java.util.Optional;

/** Makes a slot out of what survived. A package that can no longer be read is left out, with its reason in the phase. */
final class Revival {
    private Revival() {}

    static AppSlot of(DurableSlot durable, ReleaseStore releases) {
        Optional<Edition> active = edition(durable.active(), releases);
        Optional<Edition> fallback = edition(durable.fallback(), releases);
        Optional<Candidate> candidate = edition(durable.candidate(), releases)
                .map(e -> new Candidate(e, durable.candidateOrder().orElse(""), Stage.GATED, 0));
        Phase phase = durable.quarantine()
                .<Phase>map(Phase.Quarantined::new)
                .orElseGet(() -> durable.active().isPresent() && active.isEmpty() && fallback.isEmpty()
                        ? new Phase.Failed("package " + durable.active().get() + " cannot be read any more")
                        : new Phase.Installed());
        return new AppSlot(
                durable.appId(),
                durable.wish(),
                active.or(() -> fallback),
                active.isPresent() ? fallback : Optional.empty(),
                candidate,
                active.isPresent() ? durable.trial() : Optional.empty(),
                durable.rejected(),
                phase,
                FailureWindow.CLEAN,
                0,
                Optional.empty());
    }

    private static Optional<Edition> edition(Optional<ReleaseRef> release, ReleaseStore releases) {
        if (release.isEmpty()) {
            return Optional.empty();
        }
        try {
            return releases.content(release.get().packageDigest())
                    .map(bytes ->
                            new Edition(release.get(), ReleaseContent.of(bytes).upkeep()));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }
}
