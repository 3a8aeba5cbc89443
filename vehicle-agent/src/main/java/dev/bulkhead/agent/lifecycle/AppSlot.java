package dev.bulkhead.agent.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All the supervisor knows about one app; an immutable value. What must survive power loss is {@link #durable()}.
 *
 * @param appId reverse-DNS app id
 * @param wish what the fleet or the operator asked for
 * @param active the edition that runs or would run
 * @param fallback the proven edition to return to while {@code active} is on probation
 * @param candidate a newer edition on its way in
 * @param trial the order {@code active} must still prove itself for
 * @param rejected the release that failed last; it is not tried again until asked for anew
 * @param phase where the app stands
 * @param failures recent failures of {@code active}
 * @param lastIncarnation highest incarnation number given out, rising from 0
 * @param retained the frozen incarnation of {@code fallback} kept after a handover, to return to
 * @param part its part in an ensemble, while it changes as one with other apps
 * @param deferred orders that were taken and wait for the moment when they can be followed; at most one of each kind
 */
public record AppSlot(
        String appId,
        Wish wish,
        Optional<Edition> active,
        Optional<Edition> fallback,
        Optional<Candidate> candidate,
        Optional<String> trial,
        Optional<ReleaseRef> rejected,
        Phase phase,
        FailureWindow failures,
        int lastIncarnation,
        Optional<Integer> retained,
        Optional<Part> part,
        List<SupervisorEvent> deferred) {
    /** What was asked for. */
    public enum Wish {
        RUN,
        STOP,
        ABSENT
    }

    /**
     * A newer edition on its way in.
     *
     * @param edition what it is
     * @param order the order it came by
     * @param stage how far it got
     * @param incarnation its compartment when it is being prepared beside the live one, else 0
     */
    public record Candidate(Edition edition, String order, Stage stage, int incarnation) {
        public Candidate {
            Objects.requireNonNull(edition, "edition");
            Objects.requireNonNull(order, "order");
            Objects.requireNonNull(stage, "stage");
        }

        Candidate at(Stage next, int compartment) {
            return new Candidate(edition, order, next, compartment);
        }
    }

    /** How far a candidate got. */
    public enum Stage {
        /** Waits for {@code update.when}. */
        GATED,
        /** Waits for the others of its ensemble. */
        HELD,
        /** Waits for the apps it needs. */
        LACKING,
        /** Waits for the old release to end; it starts after. */
        REPLACING,
        /** Instantiated beside the old one: restores state and shadow-runs. */
        SHADOW,
        /** The message boundary is being taken. */
        CUTOVER
    }

    public AppSlot {
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(wish, "wish");
        Objects.requireNonNull(active, "active");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(trial, "trial");
        Objects.requireNonNull(rejected, "rejected");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(failures, "failures");
        Objects.requireNonNull(retained, "retained");
        Objects.requireNonNull(part, "part");
        deferred = List.copyOf(deferred);
    }

    /** A slot nothing is known about yet. */
    public static AppSlot empty(String appId) {
        return new AppSlot(
                appId,
                Wish.RUN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Phase.Installed(),
                FailureWindow.CLEAN,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** What must be written down before the next action is taken. */
    public DurableSlot durable() {
        Optional<String> quarantine = phase instanceof Phase.Quarantined q ? Optional.of(q.reason()) : Optional.empty();
        return new DurableSlot(
                appId,
                wish,
                active.map(Edition::release),
                fallback.map(Edition::release),
                candidate.map(c -> c.edition().release()),
                candidate.map(Candidate::order),
                trial,
                rejected,
                quarantine,
                part.map(p -> new DurableSlot.Membership(p.ensemble(), p.before())),
                deferred.stream().map(Deferral::durable).toList());
    }

    AppSlot withWish(Wish next) {
        return with(copy -> copy.wish = next);
    }

    AppSlot withActive(Optional<Edition> next) {
        return with(copy -> copy.active = next);
    }

    AppSlot withFallback(Optional<Edition> next) {
        return with(copy -> copy.fallback = next);
    }

    AppSlot withCandidate(Optional<Candidate> next) {
        return with(copy -> copy.candidate = next);
    }

    AppSlot withTrial(Optional<String> next) {
        return with(copy -> copy.trial = next);
    }

    AppSlot withRejected(Optional<ReleaseRef> next) {
        return with(copy -> copy.rejected = next);
    }

    AppSlot withPhase(Phase next) {
        return with(copy -> copy.phase = next);
    }

    AppSlot withFailures(FailureWindow next) {
        return with(copy -> copy.failures = next);
    }

    AppSlot withLastIncarnation(int next) {
        return with(copy -> copy.lastIncarnation = next);
    }

    AppSlot withRetained(Optional<Integer> next) {
        return with(copy -> copy.retained = next);
    }

    AppSlot withPart(Optional<Part> next) {
        return with(copy -> copy.part = next);
    }

    AppSlot withDeferred(List<SupervisorEvent> next) {
        return with(copy -> copy.deferred = next);
    }

    private AppSlot with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.slot();
    }

    /** A slot on its way to the next one. */
    private static final class Copy {
        private final String appId;
        private Wish wish;
        private Optional<Edition> active;
        private Optional<Edition> fallback;
        private Optional<Candidate> candidate;
        private Optional<String> trial;
        private Optional<ReleaseRef> rejected;
        private Phase phase;
        private FailureWindow failures;
        private int lastIncarnation;
        private Optional<Integer> retained;
        private Optional<Part> part;
        private List<SupervisorEvent> deferred;

        Copy(AppSlot from) {
            appId = from.appId;
            wish = from.wish;
            active = from.active;
            fallback = from.fallback;
            candidate = from.candidate;
            trial = from.trial;
            rejected = from.rejected;
            phase = from.phase;
            failures = from.failures;
            lastIncarnation = from.lastIncarnation;
            retained = from.retained;
            part = from.part;
            deferred = from.deferred;
        }

        AppSlot slot() {
            return new AppSlot(
                    appId,
                    wish,
                    active,
                    fallback,
                    candidate,
                    trial,
                    rejected,
                    phase,
                    failures,
                    lastIncarnation,
                    retained,
                    part,
                    deferred);
        }
    }
}
