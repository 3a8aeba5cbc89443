package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Cue;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Move;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Takes steps: asks the pure core what follows from an event, makes that durable as a whole, then has it carried out. Apps that depend on
 * one that comes or goes look at it anew. Used under the orchestrator's lock, except {@link #onChange}.
 */
final class Steps {
    private final VehicleClock clock;
    private final RandomGenerator jitter;
    private final SlotStore store;
    private final Desks desks;
    private final ControlStrand control;
    private final Deeds deeds;
    private final CompartmentParts.HostFaults faults;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ArrayDeque<Consequences.Due> due = new ArrayDeque<>();
    private boolean carryingOut;

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
        if (!control.closing() || event instanceof SupervisorEvent.Ended) {
            follow(next -> next.take(appId, event));
        }
    }

    /**
     * Takes an app out of its ensemble, whose members all go back.
     *
     * @return the app that is at a message boundary or being removed, so that this cannot be done now
     */
    Optional<String> release(String appId, String cause) {
        Optional<AppSlot> slot = Optional.ofNullable(desks.slots().get(appId));
        Optional<Part> part = slot.flatMap(AppSlot::part);
        Optional<String> busy = slot.stream()
                .flatMap(own -> Stream.concat(Stream.of(own), part.stream().flatMap(this::members)))
                .filter(member -> Replacement.cuttingOver(member) || member.wish() == AppSlot.Wish.ABSENT)
                .map(AppSlot::appId)
                .findFirst();
        if (busy.isEmpty() && part.isPresent()) {
            String ensemble = part.get().ensemble();
            follow(next -> next.take(appId, new Cue(appId, ensemble, Move.BREAK, cause)));
        }
        return busy;
    }

    private Stream<AppSlot> members(Part part) {
        return desks.slots().values().stream()
                .filter(slot -> slot.part()
                        .filter(other -> other.ensemble().equals(part.ensemble()))
                        .isPresent());
    }

    /** Takes wishes that come in together; all of them are written down, or none. */
    void enlist(List<SupervisorEvent.Enlist> wishes) {
        if (!control.closing()) {
            follow(next ->
                    wishes.forEach(wish -> next.take(wish.edition().release().appId(), wish)));
        }
    }

    /** The conditions that an ensemble waits for hold just now. */
    void gatesOpen(String ensemble) {
        if (!control.closing()) {
            try {
                follow(next -> next.gatesOpen(ensemble));
            } catch (NotDurableException e) {
                faults.failed("store", e);
            }
        }
    }

    private void follow(Consumer<Consequences> event) {
        Consequences next = new Consequences(desks.slots(), clock.nanos(), jitter::nextDouble);
        event.accept(next);
        next.settle();
        Map<String, List<LogBook.Line>> lastWords = lastWords(next);
        writeDown(next, lastWords);
        Map<String, Optional<Surroundings.Standing>> before = new TreeMap<>();
        for (AppSlot slot : next.changed()) {
            before.put(slot.appId(), desks.neighbours().of(slot.appId()));
            desks.keep(slot);
        }
        lastWords.forEach((appId, lines) -> desks.find(appId).ifPresent(desk -> desk.lastWords(lines)));
        deeds.watch(next.ensembles());
        due.addAll(next.due());
        carryOut();
        before.forEach((appId, standing) -> {
            if (!desks.neighbours().of(appId).equals(standing)) {
                tellDependents(appId);
            }
        });
        listeners.forEach(Runnable::run);
    }

    /** An app that is walled off, its reason and what it said last are written in one. */
    private void writeDown(Consequences next, Map<String, List<LogBook.Line>> lastWords) {
        Durables durables = new Durables(next.durable(), next.reports(), lastWords);
        if (!durables.slots().isEmpty()) {
            String who = String.join(
                    " and ", durables.slots().stream().map(DurableSlot::appId).toList());
            NotDurableException.guard(who, () -> store.save(durables));
        } else if (!durables.reports().isEmpty()) {
            try {
                store.save(durables);
            } catch (RuntimeException e) {
                faults.failed("store", e);
            }
        }
    }

    private Map<String, List<LogBook.Line>> lastWords(Consequences next) {
        Map<String, List<LogBook.Line>> words = new TreeMap<>();
        next.walledOff().forEach(appId -> desks.find(appId).ifPresent(desk -> words.put(appId, desk.lastLines())));
        return words;
    }

    /** What is due is done in order, also what a step taken meanwhile adds. */
    private void carryOut() {
        if (carryingOut) {
            return;
        }
        carryingOut = true;
        for (Consequences.Due next = due.poll(); next != null; next = due.poll()) {
            carryOut(next);
        }
        carryingOut = false;
    }

    /** What goes wrong with one action does not keep the others from being done. */
    private void carryOut(Consequences.Due next) {
        try {
            desks.find(next.before().appId()).ifPresent(desk -> deeds.act(desk, next.before(), next.action()));
        } catch (RuntimeException e) {
            faults.failed("control", e);
        }
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
}
