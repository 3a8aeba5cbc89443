package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import dev.bulkhead.agent.lifecycle.Part.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Makes slots out of what survived. A package that can no longer be read is left out, with its reason in the phase. */
final class Revival {
    private Revival() {}

    /** All slots, by app id; ensembles stand where they stood. */
    static Map<String, AppSlot> of(List<DurableSlot> durable, Editions editions) {
        return of(durable, Set.of(), editions);
    }

    /** @param broken ensembles that go back */
    static Map<String, AppSlot> of(List<DurableSlot> durable, Set<String> broken, Editions editions) {
        Map<String, AppSlot> slots = new TreeMap<>();
        durable.forEach(slot -> slots.put(slot.appId(), goingBack(of(slot, editions), broken)));
        for (Ensemble ensemble : Ensemble.among(List.copyOf(slots.values()))) {
            ensemble.revived().forEach(member -> slots.put(member.appId(), member));
        }
        return slots;
    }

    private static AppSlot goingBack(AppSlot slot, Set<String> broken) {
        return slot.withPart(slot.part()
                .map(part -> broken.contains(part.ensemble())
                        ? part.broken("the record of one of them is damaged, see the agent's log")
                        : part));
    }

    private static AppSlot of(DurableSlot durable, Editions editions) {
        Optional<Edition> active = durable.active().flatMap(editions::find);
        Optional<Edition> fallback = durable.fallback().flatMap(editions::find);
        Optional<Candidate> candidate = durable.candidate()
                .flatMap(editions::find)
                .map(e -> new Candidate(
                        e,
                        durable.candidateOrder().orElse(""),
                        durable.part().isPresent() ? Stage.HELD : Stage.GATED,
                        0));
        Phase phase = durable.quarantine()
                .<Phase>map(Phase.Quarantined::new)
                .orElseGet(() -> durable.active().isPresent() && active.isEmpty() && fallback.isEmpty()
                        ? new Phase.Failed("package " + durable.active().get()
                                + " cannot be read any more; hand it in again or uninstall the app")
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
                Optional.empty(),
                part(durable, active, candidate),
                durable.deferred().stream()
                        .flatMap(order -> Deferral.revived(order, editions).stream())
                        .toList());
    }

    /** A member whose package is damaged takes the others back with it. */
    private static Optional<Part> part(DurableSlot durable, Optional<Edition> active, Optional<Candidate> candidate) {
        return durable.part().map(membership -> {
            Part part = new Part(membership.ensemble(), membership.before(), State.HELD, "");
            boolean damaged = (durable.candidate().isPresent() && candidate.isEmpty())
                    || (durable.active().isPresent() && active.isEmpty());
            return damaged ? part.broken("its package cannot be read any more") : part;
        });
    }
}
