package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.hal.time.VehicleClock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * Takes steps: asks the supervisor, makes the outcome durable, then has it carried out. What follows from a step for the apps that depend
 * on this one, and what was put off until after it, belong to it. Used under the orchestrator's lock, except {@link #onChange}.
 */
final class Steps {
    private static final int MOST_DEFERRALS = 16;

    private final VehicleClock clock;
    private final RandomGenerator jitter;
    private final SlotStore store;
    private final Desks desks;
    private final ControlStrand control;
    private final Deeds deeds;
    private final CompartmentParts.HostFaults faults;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    Steps(
            CompartmentParts parts,
            RandomGenerator jitter,
            SlotStore store,
            Desks desks,
            ControlStrand control,
            Deeds deeds) {
        this.clock = parts.host().clock();
        this.faults = parts.hostFaults();
        this.jitter = jitter;
        this.store = store;
        this.desks = desks;
        this.control = control;
        this.deeds = deeds;
    }

    /** Calls {@code listener} after every step; the returned action ends that. */
    Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** See {@link Orchestrator#apply}. */
    void take(String appId, SupervisorEvent event) {
        Optional<AppDesk> desk = desks.find(appId);
        if (desk.isPresent()) {
            take(desk.get(), event);
        } else if (event instanceof SupervisorEvent.Desire) {
            welcome(appId, event);
        }
    }

    /** An app that is new; one whose first step cannot be written down is not known afterwards either. */
    private void welcome(String appId, SupervisorEvent event) {
        AppDesk desk = new AppDesk(AppSlot.empty(appId));
        desks.put(desk);
        try {
            take(desk, event);
        } catch (NotDurableException e) {
            desks.remove(appId);
            throw e;
        }
    }

    private void take(AppDesk desk, SupervisorEvent event) {
        String appId = desk.slot().appId();
        Optional<Surroundings.Standing> before = desks.neighbours().of(appId);
        stepAndDeferred(desk, event);
        if (!desks.neighbours().of(appId).equals(before)) {
            tellDependents(appId);
        }
        listeners.forEach(Runnable::run);
    }

    /** Those that depend on the app look at it anew. What of that cannot be written down is taken again later. */
    void tellDependents(String appId) {
        for (String dependent : desks.neighbours().graph().dependents(appId)) {
            try {
                take(dependent, new SupervisorEvent.NeighbourChanged());
            } catch (NotDurableException e) {
                faults.failed("store", e);
                control.again(dependent, new SupervisorEvent.NeighbourChanged());
            }
        }
    }

    private void stepAndDeferred(AppDesk desk, SupervisorEvent event) {
        step(desk, event);
        for (int i = 0; i < MOST_DEFERRALS; i++) {
            List<SupervisorEvent> again = Replacement.cuttingOver(desk.slot()) ? List.of() : desk.takeDeferred();
            if (again.isEmpty()) {
                break;
            }
            again.forEach(deferred -> step(desk, deferred));
        }
    }

    private void step(AppDesk desk, SupervisorEvent event) {
        if (control.closing() && !(event instanceof SupervisorEvent.Ended)) {
            return;
        }
        AppSlot before = desk.slot();
        Step step = Supervisor.step(before, event, clock.nanos(), jitter.nextDouble(), desks.neighbours());
        if (!step.slot().durable().equals(before.durable())) {
            NotDurableException.guard(
                    before.appId(), () -> store.save(step.slot().durable()));
        }
        desk.slot(step.slot());
        for (SupervisorAction action : step.actions()) {
            deeds.act(desk, before, action);
        }
    }
}
