package dev.bulkhead.agent.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * One event and all that follows from it at once, in this app and in those that change as one with it: pure, so that the outcome can be
 * written down whole before any of it is done. Lives for one event.
 */
final class Consequences {
    private static final int MOST_ROUNDS = 256;

    /** An action that is due, with the slot before the step that asks for it. */
    record Due(AppSlot before, SupervisorAction action) {}

    private final Map<String, AppSlot> before;
    private final Map<String, AppSlot> slots;
    private final Neighbourhood neighbours;
    private final long now;
    private final DoubleSupplier chance;
    private final List<Due> due = new ArrayList<>();
    private String openGate = "";

    /** @param slots every slot, by app id */
    Consequences(Map<String, AppSlot> slots, long now, DoubleSupplier chance) {
        this.before = Map.copyOf(slots);
        this.slots = new TreeMap<>(slots);
        this.neighbours = new Neighbourhood(this.slots);
        this.now = now;
        this.chance = chance;
    }

    /** Takes an event; only a wish for an edition makes an app known. */
    void take(String appId, SupervisorEvent event) {
        boolean wish = event instanceof SupervisorEvent.Desire || event instanceof SupervisorEvent.Enlist;
        if (!slots.containsKey(appId) && !wish) {
            return;
        }
        slots.putIfAbsent(appId, AppSlot.empty(appId));
        step(appId, event);
    }

    /** The conditions of an ensemble hold just now. */
    void gatesOpen(String ensemble) {
        openGate = ensemble;
    }

    private void step(String appId, SupervisorEvent event) {
        AppSlot slot = slots.get(appId);
        if (slot == null) {
            return;
        }
        Step step = Supervisor.step(slot, event, now, chance.getAsDouble(), neighbours);
        slots.put(appId, step.slot());
        step.actions().forEach(action -> due.add(new Due(slot, action)));
    }

    /** Takes the steps that follow until nothing more does. What goes on for longer goes on with the next event. */
    void settle() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!deferred() && !cued()) {
                return;
            }
        }
    }

    private boolean deferred() {
        for (AppSlot slot : List.copyOf(slots.values())) {
            Optional<SupervisorEvent> order = Deferral.due(slot);
            if (order.isPresent()) {
                slots.put(slot.appId(), Deferral.without(slot));
                step(slot.appId(), order.get());
                return true;
            }
        }
        return false;
    }

    private boolean cued() {
        boolean any = false;
        for (Ensemble ensemble : ensembles()) {
            for (SupervisorEvent.Cue cue : ensemble.look(ensemble.id().equals(openGate), neighbours)) {
                step(cue.appId(), cue);
                any = true;
            }
        }
        return any;
    }

    /** All ensembles as they stand now. */
    List<Ensemble> ensembles() {
        return Ensemble.among(slots.values());
    }

    /** How the apps stand to each other now. */
    Neighbourhood neighbours() {
        return neighbours;
    }

    /** The slots that changed, as they are now. */
    List<AppSlot> changed() {
        return slots.values().stream()
                .filter(slot -> !slot.equals(before.get(slot.appId())))
                .toList();
    }

    /** The apps that are walled off with this. */
    List<String> walledOff() {
        return changed().stream()
                .filter(slot -> slot.phase() instanceof Phase.Quarantined
                        && Stream.ofNullable(before.get(slot.appId()))
                                .noneMatch(earlier -> earlier.phase() instanceof Phase.Quarantined))
                .map(AppSlot::appId)
                .toList();
    }

    /** What must be written down before anything is done. */
    List<DurableSlot> durable() {
        return changed().stream()
                .map(AppSlot::durable)
                .filter(slot -> Stream.ofNullable(before.get(slot.appId()))
                        .noneMatch(earlier -> earlier.durable().equals(slot)))
                .toList();
    }

    /** What those who ordered are told. */
    List<UpdateReport> reports() {
        return due.stream()
                .flatMap(next -> next.action() instanceof SupervisorAction.Report report
                        ? Stream.of(report.report())
                        : Stream.empty())
                .toList();
    }

    /** What is to be done, in order. */
    List<Due> due() {
        return due;
    }
}
