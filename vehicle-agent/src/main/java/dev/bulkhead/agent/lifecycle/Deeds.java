package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.SupervisorAction.TakeOver;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.BackoffOver;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Broke;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Ended;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.ProbationOver;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.ShadowDone;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.hal.signal.StoreReadings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries the supervisor's actions out: in compartments, with timers and gates, on disk and in the logs. What comes of an action comes
 * back over the control strand. Used under the orchestrator's lock; nothing here waits for an app.
 */
final class Deeds {
    /** How long {@code on_stop} may take, in nanoseconds. */
    private static final long STOP_NANOS = 2_000_000_000L;

    private final CompartmentParts parts;
    private final Desks desks;
    private final ControlStrand control;
    private final Estate estate;
    private final Chronicle chronicle;
    private final LifecycleAudit audit;
    private final Consumer<String> leaving;
    private final GateWatch gates;
    private final GateWatch sharedGates;

    /**
     * @param leaving is told the id of an app that will stop, before it is asked to
     * @param gatesOpen is told the id of an ensemble whose conditions hold
     */
    Deeds(
            CompartmentParts parts,
            Desks desks,
            ControlStrand control,
            Estate estate,
            Chronicle chronicle,
            LifecycleAudit audit,
            Consumer<String> leaving,
            Consumer<String> gatesOpen) {
        this.parts = parts;
        this.desks = desks;
        this.control = control;
        this.estate = estate;
        this.chronicle = chronicle;
        this.audit = audit;
        this.leaving = leaving;
        this.gates = gates(parts, appId -> control.post(appId, new SupervisorEvent.GateOpened()));
        this.sharedGates = gates(parts, ensemble -> control.turn(() -> gatesOpen.accept(ensemble)));
    }

    private static GateWatch gates(CompartmentParts parts, Consumer<String> opened) {
        return new GateWatch(
                parts.host().clock(),
                parts.host().scheduler(),
                new StoreReadings(parts.host().signals()),
                opened);
    }

    /** Watches the conditions of the ensembles that have to wait for some, and of no others. */
    void watch(List<Ensemble> ensembles) {
        Map<String, List<String>> wanted = new TreeMap<>();
        for (Ensemble ensemble : ensembles) {
            if (!ensemble.gates().isEmpty()) {
                wanted.put(ensemble.id(), ensemble.gates());
            }
        }
        sharedGates.watchOnly(wanted);
    }

    /** @param before the slot before the step that asks for the action; the desk has the one after it */
    void act(AppDesk desk, AppSlot before, SupervisorAction action) {
        String appId = before.appId();
        switch (action) {
            case SupervisorAction.Start start -> {
                desk.counted();
                open(desk, start.edition(), start.incarnation(), false).start();
            }
            case SupervisorAction.Stop stop -> stop(desk, stop.incarnation());
            case SupervisorAction.Discard discard -> discard(desk, discard.incarnation());
            case SupervisorAction.Prepare prepare -> prepare(desk, prepare);
            case TakeOver over -> takeOver(desk, over);
            case SupervisorAction.Thaw thaw -> thaw(desk, thaw.retained());
            case SupervisorAction.WakeFromBackoff wake ->
                control.later(appId, wake.atNanos(), new BackoffOver(wake.ticket()));
            case SupervisorAction.WakeFromProbation wake ->
                control.later(appId, wake.atNanos(), new ProbationOver(wake.incarnation()));
            case SupervisorAction.WatchGate watch -> gates.watch(appId, List.of(watch.condition()));
            case SupervisorAction.ForgetGate _ -> gates.forget(appId);
            case SupervisorAction.Report report -> chronicle.report(desk, before, report.report());
            case SupervisorAction.Transition move -> chronicle.transition(desk, before, move);
            case SupervisorAction.DropRelease drop -> estate.drop(desk.slot(), drop.release());
            case SupervisorAction.HandOverData over -> estate.handOver(appId, over.release());
            case SupervisorAction.GiveBackData _ -> estate.giveBack(appId);
            case SupervisorAction.KeepData keep ->
                desk.compartment(keep.incarnation())
                        .flatMap(Compartment::occupant)
                        .ifPresent(taken -> estate.keep(appId, taken));
            case SupervisorAction.SettleData _ -> {
                desk.live()
                        .flatMap(Compartment::occupant)
                        .ifPresent(occupant -> occupant.session().dataSettled());
                estate.settle(appId);
            }
            case SupervisorAction.Purge _ -> purge(appId);
        }
    }

    private Compartment open(AppDesk desk, Edition edition, int incarnation, boolean shadow) {
        String appId = edition.release().appId();
        Compartment made = new Compartment(
                edition, incarnation, shadow, parts, audit, desk.book(), event -> control.post(appId, event));
        desk.compartments().put(incarnation, made);
        return made;
    }

    private void stop(AppDesk desk, int incarnation) {
        String appId = desk.slot().appId();
        Optional<Compartment> compartment = desk.compartment(incarnation);
        if (compartment.isEmpty()) {
            control.post(appId, new Ended(incarnation));
            return;
        }
        compartment
                .get()
                .departure()
                .then(() -> control.turn(() -> desk.compartments().remove(incarnation)));
        leaving.accept(appId);
        StopOrder.after(
                stillStopping(appId), () -> end(compartment.get(), () -> control.post(appId, new Ended(incarnation))));
    }

    /** Stops one compartment; ends it when it has not ended by the deadline, and then calls {@code late}. */
    private void end(Compartment compartment, Runnable late) {
        compartment.stop();
        long deadline = parts.host().clock().nanos() + STOP_NANOS;
        parts.host().scheduler().at(deadline, () -> {
            compartment.endIfStill(LossCause.KILLED);
            late.run();
        });
    }

    /** What an app must wait for before it stops: those that depend on it and are stopping too. */
    private List<Compartment> stillStopping(String appId) {
        return desks.neighbours().graph().dependents(appId).stream()
                .flatMap(dependent -> desks.find(dependent).stream())
                .filter(desk -> control.closing() || desk.slot().phase() instanceof Phase.Stopping)
                .flatMap(desk -> desk.compartments().values().stream())
                .toList();
    }

    private static void discard(AppDesk desk, int incarnation) {
        Compartment compartment = desk.compartments().remove(incarnation);
        if (compartment != null) {
            compartment.discard(LossCause.CRASHED);
        }
    }

    private void prepare(AppDesk desk, SupervisorAction.Prepare prepare) {
        String appId = desk.slot().appId();
        int incarnation = prepare.incarnation();
        Optional<Compartment> live = desk.compartment(prepare.live());
        if (live.isEmpty()) {
            control.post(appId, new Broke(incarnation, "the live release is gone"));
            return;
        }
        long shadowNanos = prepare.edition().upkeep().shadowNanos();
        open(desk, prepare.edition(), incarnation, true)
                .shadow(
                        live.get(),
                        () -> control.later(
                                appId, parts.host().clock().nanos() + shadowNanos, new ShadowDone(incarnation)));
    }

    private static void takeOver(AppDesk desk, TakeOver over) {
        desk.compartment(over.incarnation())
                .ifPresent(next -> desk.compartment(over.live()).ifPresent(next::takeOver));
    }

    /** The failed successor was discarded in the same step or the one before; what it was lent comes back through its session. */
    private void thaw(AppDesk desk, int retained) {
        Optional<Compartment> compartment = desk.compartment(retained);
        if (compartment.isEmpty()) {
            control.post(desk.slot().appId(), new Broke(retained, "the frozen release is gone"));
            return;
        }
        compartment.get().thaw();
    }

    private void purge(String appId) {
        if (!estate.purge(appId)) {
            control.again(appId, new SupervisorEvent.AgentStarted());
        }
    }

    /** Stops every app, each one after those that depend on it. Does not wait. */
    void close() {
        for (String appId : desks.neighbours().graph().providersFirst().reversed()) {
            desks.find(appId).ifPresent(desk -> {
                List<Compartment> before = stillStopping(appId);
                List.copyOf(desk.compartments().values())
                        .forEach(compartment -> StopOrder.after(before, () -> end(compartment, () -> {})));
            });
        }
    }
}
