package dev.bulkhead.agent.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of an app's state that survives power loss. After a restart the agent comes back to exactly this.
 *
 * @param candidateOrder present exactly when {@code candidate} is
 * @param quarantine why the app is walled off, if it is
 * @param part the ensemble it changes with, if it does
 * @param deferred orders that were taken and wait for their moment
 */
public record DurableSlot(
        String appId,
        AppSlot.Wish wish,
        Optional<ReleaseRef> active,
        Optional<ReleaseRef> fallback,
        Optional<ReleaseRef> candidate,
        Optional<String> candidateOrder,
        Optional<String> trial,
        Optional<ReleaseRef> rejected,
        Optional<String> quarantine,
        Optional<Membership> part,
        List<Order> deferred) {
    /** The ensemble an app changes with, and what was wished for before. */
    public record Membership(String ensemble, AppSlot.Wish before) {
        public Membership {
            Objects.requireNonNull(ensemble, "ensemble");
            Objects.requireNonNull(before, "before");
        }
    }

    /**
     * An order that waits.
     *
     * @param word an operator's verb, {@code DESIRE} or {@code REMOVE}
     * @param who the operator, or the order's name
     * @param release present for {@code DESIRE} only
     */
    public record Order(String word, String who, Optional<ReleaseRef> release) {
        private static final Set<String> WORDS = Stream.concat(
                        Stream.of("DESIRE", "REMOVE"),
                        Stream.of(SupervisorEvent.Verb.values()).map(Enum::name))
                .collect(Collectors.toUnmodifiableSet());

        public Order {
            Objects.requireNonNull(who, "who");
            if (!WORDS.contains(word)) {
                throw new IllegalArgumentException("an order is one of " + new TreeSet<>(WORDS));
            }
            if (release.isPresent() != word.equals("DESIRE")) {
                throw new IllegalArgumentException("DESIRE names a release, other orders none");
            }
        }
    }

    public DurableSlot {
        Objects.requireNonNull(appId, "appId");
        deferred = List.copyOf(deferred);
        Objects.requireNonNull(wish, "wish");
        if (candidate.isPresent() != candidateOrder.isPresent()) {
            throw new IllegalArgumentException("slot " + appId + ": a candidate and its order come together");
        }
    }

    /** What is known of an app about which something was lost: it keeps its releases and starts nothing by itself. */
    DurableSlot setAside(String why) {
        return new DurableSlot(
                appId,
                wish,
                active,
                fallback,
                Optional.empty(),
                Optional.empty(),
                trial.or(() -> fallback.map(proven -> "an order that cannot be read")),
                rejected,
                Optional.of(why),
                Optional.empty(),
                List.of());
    }
}
