package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Orders that came at a moment when a slot cannot follow them: at a message boundary, or while its ensemble goes back. They are part of
 * the slot, so they are as durable as the answer that they were taken. The last word of each kind counts, which bounds them.
 */
final class Deferral {
    private Deferral() {}

    /** True when the order has to wait; it is noted then. */
    static boolean putOff(Turn turn, SupervisorEvent order) {
        if (mayFollow(turn.slot())) {
            return false;
        }
        List<SupervisorEvent> waiting = new ArrayList<>(turn.slot().deferred());
        for (SupervisorEvent earlier : List.copyOf(waiting)) {
            if (kind(earlier) == kind(order)) {
                waiting.remove(earlier);
                superseded(turn, earlier, order);
            }
        }
        waiting.add(order);
        turn.become(turn.slot().withDeferred(waiting));
        return true;
    }

    /** As {@link #putOff}; an order that a member of an ensemble cannot follow alone breaks the ensemble up first. */
    static boolean putOff(Turn turn, SupervisorEvent order, String cause) {
        if (PartRules.isMember(turn.slot())) {
            PartRules.broken(turn, cause);
        }
        return putOff(turn, order);
    }

    private static void superseded(Turn turn, SupervisorEvent earlier, SupervisorEvent order) {
        if (earlier instanceof SupervisorEvent.Desire old && order instanceof SupervisorEvent.Desire next) {
            ReleaseRef release = old.edition().release();
            turn.report(old.order(), release, new UpdateOutcome.Failed("superseded by order " + next.order()));
            if (!release.equals(next.edition().release())) {
                turn.act(new SupervisorAction.DropRelease(release));
            }
        }
    }

    private enum Kind {
        RUN,
        QUARANTINE,
        ROLLBACK,
        DESIRE,
        REMOVE
    }

    private static Kind kind(SupervisorEvent order) {
        return switch (order) {
            case SupervisorEvent.Operator operator ->
                switch (operator.verb()) {
                    case START, STOP, RESTART -> Kind.RUN;
                    case QUARANTINE -> Kind.QUARANTINE;
                    case ROLLBACK -> Kind.ROLLBACK;
                };
            case SupervisorEvent.Desire _ -> Kind.DESIRE;
            case SupervisorEvent.Remove _ -> Kind.REMOVE;
            default -> throw new IllegalArgumentException("not an order: " + order);
        };
    }

    private static boolean mayFollow(AppSlot slot) {
        return !Replacement.cuttingOver(slot) && !PartRules.is(slot, Part.State.BROKEN);
    }

    /** The oldest order that can be followed now. */
    static Optional<SupervisorEvent> due(AppSlot slot) {
        return mayFollow(slot) ? slot.deferred().stream().findFirst() : Optional.empty();
    }

    /** The slot without its oldest order. */
    static AppSlot without(AppSlot slot) {
        return slot.withDeferred(slot.deferred().subList(1, slot.deferred().size()));
    }

    static DurableSlot.Order durable(SupervisorEvent order) {
        return switch (order) {
            case SupervisorEvent.Operator operator ->
                new DurableSlot.Order(operator.verb().name(), operator.who(), Optional.empty());
            case SupervisorEvent.Desire desire ->
                new DurableSlot.Order(
                        Kind.DESIRE.name(),
                        desire.order(),
                        Optional.of(desire.edition().release()));
            case SupervisorEvent.Remove remove ->
                new DurableSlot.Order(Kind.REMOVE.name(), remove.order(), Optional.empty());
            default -> throw new IllegalArgumentException("not an order: " + order);
        };
    }

    /** Empty for a wish whose package cannot be read any more. */
    static Optional<SupervisorEvent> revived(DurableSlot.Order order, Editions editions) {
        return switch (order.word()) {
            case "DESIRE" ->
                order.release()
                        .flatMap(editions::find)
                        .map(edition -> new SupervisorEvent.Desire(edition, order.who()));
            case "REMOVE" -> Optional.of(new SupervisorEvent.Remove(order.who()));
            default -> Optional.of(new SupervisorEvent.Operator(Verb.valueOf(order.word()), order.who()));
        };
    }
}
