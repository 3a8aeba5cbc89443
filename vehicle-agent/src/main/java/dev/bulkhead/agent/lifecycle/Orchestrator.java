package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.KeyValueStore;
import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.hal.signal.StoreReadings;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The shell around {@link Supervisor}: keeps the slots, makes each step durable before it acts on it, and carries actions out in
 * compartments. Thread-safe: steps follow each other under one lock, which nobody holds while an app runs. Timers and apps send their
 * news over the control strand.
 */
public final class Orchestrator {
    /** How long {@code on_stop} may take, in nanoseconds. */
    static final long STOP_NANOS = 2_000_000_000L;

    private static final int CONTROL_DEPTH = 4_096;
    private static final int MOST_DEFERRALS = 16;
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long RETRY_NANOS = 5_000_000_000L;

    private final CompartmentParts parts;
    private final SlotStore store;
    private final LifecycleAudit audit;
    private final GateWatch gates;
    private final ConfigDesk config;
    private final RandomGenerator jitter;
    private final Strand control;
    private final CopyOnWriteArrayList<Consumer<UpdateReport>> observers = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Runnable> changes = new CopyOnWriteArrayList<>();

    // guarded by this
    private final Map<String, AppDesk> desks = new TreeMap<>();
    private final Neighbourhood neighbours = new Neighbourhood(desks);
    private volatile boolean closing;

    public Orchestrator(
            CompartmentParts parts, SlotStore store, AuditTrail trail, ConfigDesk config, RandomGenerator jitter) {
        this.parts = parts;
        this.config = config;
        this.store = store;
        this.audit = new LifecycleAudit(trail, parts.releases());
        this.jitter = jitter;
        this.control = parts.strands().open("control", CONTROL_DEPTH);
        this.gates = new GateWatch(
                parts.host().clock(),
                parts.host().scheduler(),
                new StoreReadings(parts.host().signals()),
                appId -> post(appId, new SupervisorEvent.GateOpened()));
    }

    LifecycleAudit audit() {
        return audit;
    }

    /** Reads the store and brings everything back to what was asked for. Called once. */
    public synchronized void start() {
        for (DurableSlot durable : store.slots()) {
            desks.put(durable.appId(), new AppDesk(Revival.of(durable, parts.releases())));
        }
        for (UpdateReport report : store.reports()) {
            AppDesk desk = desks.get(report.release().appId());
            if (desk != null) {
                desk.report(report);
            }
        }
        dropUnnamed();
        desks.values().forEach(desk -> catchUp(desk.slot()));
        for (String appId : neighbours.graph().providersFirst()) {
            apply(appId, new SupervisorEvent.AgentStarted());
        }
        tickLater();
    }

    /** A kill between storing a package and wishing for it, or between a step and its drop, leaves bytes nobody asks for. */
    private void dropUnnamed() {
        parts.releases().all().stream()
                .map(stored -> stored.release().packageDigest())
                .filter(digest -> !names(digest))
                .forEach(this::dropBytes);
    }

    /** Bytes that cannot be dropped now are dropped at the next start. */
    private void dropBytes(String packageDigest) {
        try {
            parts.releases().drop(packageDigest);
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
        }
    }

    private void tickLater() {
        long next = parts.host().clock().nanos() + TICK_NANOS;
        parts.host().scheduler().at(next, () -> control(this::tick));
    }

    private synchronized void tick() {
        if (!closing) {
            desks.values().forEach(desk -> desk.compartments().values().forEach(Compartment::tick));
            tickLater();
        }
    }

    /** Takes news about an app; any thread, returns at once. News that cannot be written down is taken again later. */
    void post(String appId, SupervisorEvent event) {
        control(() -> {
            try {
                apply(appId, event);
            } catch (NotDurableException e) {
                parts.hostFaults().failed("store", e);
                later(appId, parts.host().clock().nanos() + RETRY_NANOS, event);
            }
        });
    }

    /** Nothing that goes wrong in a turn may end the control strand. */
    private void control(Runnable turn) {
        boolean taken = control.execute(() -> {
            try {
                turn.run();
            } catch (RuntimeException e) {
                parts.hostFaults().failed("control", e);
            }
        });
        if (!taken && !closing) {
            parts.hostFaults().failed("control", new IllegalStateException("the control strand is full"));
        }
    }

    /** Calls {@code answer} on the control strand, once it can take steps: a sign of life. Any thread. */
    public void probe(Runnable answer) {
        control(() -> {
            synchronized (this) {
                answer.run();
            }
        });
    }

    /**
     * Takes one step now and starts what follows from it. When this returns the step is durable. Only a wish for an edition makes an app
     * known; anything else about an unknown one, such as late news of one that was removed, is ignored.
     *
     * @throws NotDurableException when the step cannot be written down; nothing changed then
     */
    public synchronized void apply(String appId, SupervisorEvent event) {
        AppDesk desk = desks.get(appId);
        if (desk == null && event instanceof SupervisorEvent.Desire) {
            welcome(appId, event);
        } else if (desk != null) {
            steps(appId, desk, event);
        }
    }

    /** An app that is new; one whose first step cannot be written down is not known afterwards either. */
    private void welcome(String appId, SupervisorEvent event) {
        AppDesk desk = new AppDesk(AppSlot.empty(appId));
        desks.put(appId, desk);
        try {
            steps(appId, desk, event);
        } catch (NotDurableException e) {
            desks.remove(appId);
            throw e;
        }
    }

    private void steps(String appId, AppDesk desk, SupervisorEvent event) {
        Optional<Surroundings.Standing> before = neighbours.of(appId);
        stepAndDeferred(appId, desk, event);
        if (!neighbours.of(appId).equals(before)) {
            tellDependents(appId);
        }
        changes.forEach(Runnable::run);
    }

    /** Those that depend on the app look at it anew. What of that cannot be written down is taken again later. */
    private void tellDependents(String appId) {
        for (String dependent : neighbours.graph().dependents(appId)) {
            try {
                apply(dependent, new SupervisorEvent.NeighbourChanged());
            } catch (NotDurableException e) {
                parts.hostFaults().failed("store", e);
                later(dependent, parts.host().clock().nanos() + RETRY_NANOS, new SupervisorEvent.NeighbourChanged());
            }
        }
    }

    private void stepAndDeferred(String appId, AppDesk desk, SupervisorEvent event) {
        step(appId, desk, event);
        for (int i = 0; i < MOST_DEFERRALS; i++) {
            List<SupervisorEvent> again = Replacement.cuttingOver(desk.slot()) ? List.of() : desk.takeDeferred();
            if (again.isEmpty()) {
                break;
            }
            again.forEach(deferred -> step(appId, desk, deferred));
        }
    }

    private void step(String appId, AppDesk desk, SupervisorEvent event) {
        if (closing && !(event instanceof SupervisorEvent.Ended)) {
            return;
        }
        AppSlot before = desk.slot();
        Step step = Supervisor.step(before, event, parts.host().clock().nanos(), jitter.nextDouble(), neighbours);
        if (!step.slot().durable().equals(before.durable())) {
            NotDurableException.guard(appId, () -> store.save(step.slot().durable()));
        }
        desk.slot(step.slot());
        for (SupervisorAction action : step.actions()) {
            act(appId, desk, before, action);
        }
    }

    private void act(String appId, AppDesk desk, AppSlot before, SupervisorAction action) {
        switch (action) {
            case SupervisorAction.Start start -> {
                desk.counted();
                open(desk, start.edition(), start.incarnation(), false).start();
            }
            case SupervisorAction.Stop stop -> stop(appId, desk, stop.incarnation());
            case SupervisorAction.Discard discard -> discard(desk, discard.incarnation(), LossCause.CRASHED);
            case SupervisorAction.Prepare prepare -> prepare(appId, desk, prepare);
            case SupervisorAction.TakeOver over ->
                desk.compartment(over.incarnation())
                        .ifPresent(next -> desk.compartment(over.live()).ifPresent(next::takeOver));
            case SupervisorAction.Thaw thaw -> thaw(appId, desk, thaw.retained());
            case SupervisorAction.WakeFromBackoff wake ->
                later(appId, wake.atNanos(), new SupervisorEvent.BackoffOver(wake.ticket()));
            case SupervisorAction.WakeFromProbation wake ->
                later(appId, wake.atNanos(), new SupervisorEvent.ProbationOver(wake.incarnation()));
            case SupervisorAction.WatchGate watch -> gates.watch(appId, watch.condition());
            case SupervisorAction.ForgetGate _ -> gates.forget(appId);
            case SupervisorAction.Report report -> report(desk, before, report.report());
            case SupervisorAction.Transition move -> transition(appId, desk, before, move);
            case SupervisorAction.DropRelease drop -> drop(desk, drop.release());
            case SupervisorAction.HandOverData over ->
                data(appId, data -> data.handOver(appId, over.release().packageDigest(), List.of()));
            case SupervisorAction.GiveBackData _ -> data(appId, data -> data.giveBack(appId));
            case SupervisorAction.SettleData _ -> data(appId, data -> data.settle(appId));
            case SupervisorAction.Purge _ -> purge(appId);
            case SupervisorAction.Defer defer -> desk.defer(defer.event());
        }
    }

    private Compartment open(AppDesk desk, Edition edition, int incarnation, boolean shadow) {
        String appId = edition.release().appId();
        Compartment made =
                new Compartment(edition, incarnation, shadow, parts, audit, desk.book(), event -> post(appId, event));
        desk.compartments().put(incarnation, made);
        return made;
    }

    private void stop(String appId, AppDesk desk, int incarnation) {
        Optional<Compartment> compartment = desk.compartment(incarnation);
        if (compartment.isEmpty()) {
            post(appId, new SupervisorEvent.Ended(incarnation));
            return;
        }
        compartment.get().whenOver(() -> control(() -> forget(desk, incarnation)));
        tellDependents(appId);
        StopOrder.after(
                stillStopping(appId),
                () -> end(compartment.get(), () -> {
                    post(appId, new SupervisorEvent.Ended(incarnation));
                }));
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
        return neighbours.graph().dependents(appId).stream()
                .map(desks::get)
                .filter(desk -> closing || desk.slot().phase() instanceof Phase.Stopping)
                .flatMap(desk -> desk.compartments().values().stream())
                .toList();
    }

    private synchronized void forget(AppDesk desk, int incarnation) {
        desk.compartments().remove(incarnation);
    }

    private static void discard(AppDesk desk, int incarnation, LossCause cause) {
        Compartment compartment = desk.compartments().remove(incarnation);
        if (compartment != null) {
            compartment.discard(cause);
        }
    }

    private void prepare(String appId, AppDesk desk, SupervisorAction.Prepare prepare) {
        Optional<Compartment> live = desk.compartment(prepare.live());
        if (live.isEmpty()) {
            post(appId, new SupervisorEvent.Broke(prepare.incarnation(), "the live release is gone"));
            return;
        }
        int incarnation = prepare.incarnation();
        long shadowNanos = prepare.edition().upkeep().shadowNanos();
        open(desk, prepare.edition(), incarnation, true)
                .shadow(
                        live.get(),
                        () -> later(
                                appId,
                                parts.host().clock().nanos() + shadowNanos,
                                new SupervisorEvent.ShadowDone(incarnation)));
    }

    /** The failed successor was discarded in the same step or the one before; what it was lent comes back through its session. */
    private void thaw(String appId, AppDesk desk, int retained) {
        Optional<Compartment> compartment = desk.compartment(retained);
        if (compartment.isEmpty()) {
            post(appId, new SupervisorEvent.Broke(retained, "the frozen release is gone"));
            return;
        }
        compartment.get().thaw();
    }

    private void later(String appId, long atNanos, SupervisorEvent event) {
        parts.host().scheduler().at(atNanos, () -> post(appId, event));
    }

    private void report(AppDesk desk, AppSlot before, UpdateReport report) {
        desk.report(report);
        try {
            store.saveReport(report);
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
        }
        String mode = before.retained().isPresent() || before.candidate().isPresent() ? "handover" : "restart";
        audit.reported(report, before.fallback(), mode);
        observers.forEach(observer -> observer.accept(report));
    }

    private void transition(String appId, AppDesk desk, AppSlot before, SupervisorAction.Transition move) {
        long now = parts.host().clock().nanos();
        desk.note(new TransitionNote(now, move.from().word(), move.to().word(), move.cause()));
        line(appId, desk, move.from().word() + " -> " + move.to().word() + ": " + move.cause());
        Optional<Edition> about = desk.slot().active().isPresent() ? desk.slot().active() : before.active();
        audit.transition(about.map(Edition::release), appId, move);
    }

    private void line(String appId, AppDesk desk, String text) {
        long now = parts.host().clock().nanos();
        desk.book().add(new LogBook.Line(appId, now, parts.host().clock().unixMillis(), "INFO", text, 0));
    }

    /** Bytes that another slot or another role of this one still names stay. */
    private void drop(AppDesk desk, ReleaseRef release) {
        AppSlot slot = desk.slot();
        boolean named = slot.phase() instanceof Phase.Removed
                ? false
                : List.of(slot.active(), slot.fallback(), slot.candidate().map(AppSlot.Candidate::edition)).stream()
                        .flatMap(Optional::stream)
                        .anyMatch(edition -> edition.release().equals(release));
        if (!named) {
            dropBytes(release.packageDigest());
        }
    }

    private void data(String appId, Consumer<KeyValueStore> change) {
        try {
            change.accept(parts.host().keyValues());
        } catch (RuntimeException e) {
            parts.hostFaults().failed("key-value data of " + appId, e);
        }
    }

    /** A kill may have come between a step and what follows for the app's data. */
    private void catchUp(AppSlot slot) {
        String appId = slot.appId();
        data(appId, data -> {
            Optional<String> active = slot.active().map(e -> e.release().packageDigest());
            Optional<String> remembered = data.remembersFor(appId);
            if (remembered.isPresent() && !remembered.equals(active)) {
                data.giveBack(appId);
            } else if (remembered.isPresent() && slot.fallback().isEmpty()) {
                data.settle(appId);
            } else if (remembered.isEmpty() && slot.fallback().isPresent() && active.isPresent()) {
                data.handOver(appId, active.get(), List.of());
            }
        });
    }

    /** That the app is to be gone is written down already; what cannot be removed now is removed later. */
    private void purge(String appId) {
        try {
            parts.host().keyValues().clear(appId);
            store.purge(appId);
            config.forget(appId);
            desks.remove(appId);
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
            later(appId, parts.host().clock().nanos() + RETRY_NANOS, new SupervisorEvent.AgentStarted());
        }
    }

    /** Calls {@code observer} for every further report, under the lock: it must hand work on and return at once. */
    public void observe(Consumer<UpdateReport> observer) {
        observers.add(observer);
    }

    /** Calls {@code listener} after every step, under the lock: it must return at once. The returned action ends that. */
    public Runnable onChange(Runnable listener) {
        changes.add(listener);
        return () -> changes.remove(listener);
    }

    /**
     * Sets values of an app's configuration, and unsets those that are empty; durable on return. An app that runs is told.
     *
     * @return false when there is no such app
     * @throws IllegalArgumentException naming a key or value that cannot be
     * @throws NotDurableException when it cannot be written down; nothing changed then
     */
    public synchronized boolean configure(String appId, Map<String, String> changes, String who) {
        AppDesk desk = desks.get(appId);
        if (desk == null || desk.slot().wish() == AppSlot.Wish.ABSENT) {
            return false;
        }
        config.change(appId, changes);
        line(appId, desk, who + " set " + String.join(", ", new TreeSet<>(changes.keySet())));
        desk.compartments().values().forEach(Compartment::configChanged);
        return true;
    }

    /** What is set for an app, by key. */
    public Map<String, String> configuration(String appId) {
        return config.set(appId);
    }

    /** Every app, by app id. */
    public synchronized List<AppView> apps() {
        List<AppView> views = new ArrayList<>();
        desks.values().forEach(desk -> views.add(view(desk)));
        return views;
    }

    /** One app. */
    public synchronized Optional<AppView> app(String appId) {
        return Optional.ofNullable(desks.get(appId)).map(this::view);
    }

    private AppView view(AppDesk desk) {
        return new AppView(
                desk.slot(),
                desk.cause(),
                desk.restarts(),
                desk.report(),
                desk.slot()
                        .active()
                        .flatMap(e -> parts.releases().find(e.release().packageDigest())),
                desk.live().flatMap(Compartment::view),
                desk.live().map(Compartment::manifestText).orElse(""),
                desk.live().map(Compartment::grants).orElse(List.of()));
    }

    /** The last transitions of an app, oldest first. */
    public synchronized List<TransitionNote> transitions(String appId) {
        AppDesk desk = desks.get(appId);
        return desk == null ? List.of() : desk.notes();
    }

    /** The log of an app that is known. */
    public synchronized Optional<LogBook> book(String appId) {
        return Optional.ofNullable(desks.get(appId)).map(AppDesk::book);
    }

    /** Asks a running app's strand what is open; false when it does not run. */
    public synchronized boolean inspect(String appId, Consumer<List<OpenHandle>> sink) {
        Optional<Compartment> live = Optional.ofNullable(desks.get(appId)).flatMap(AppDesk::live);
        live.ifPresent(compartment -> compartment.inspect(sink));
        return live.isPresent();
    }

    /** The way round that an edition would close among the apps of this vehicle; empty when it closes none. */
    synchronized Optional<List<String>> circle(Edition edition) {
        return neighbours.circle(edition.release().appId(), edition);
    }

    /** True while a slot names the release in any role. */
    private boolean names(String packageDigest) {
        return desks.values().stream()
                .map(desk -> desk.slot().durable())
                .flatMap(slot -> Stream.of(slot.active(), slot.fallback(), slot.candidate()))
                .flatMap(Optional::stream)
                .anyMatch(release -> release.packageDigest().equals(packageDigest));
    }

    /**
     * Stops every app without changing what is wished for, so that the next start brings them back; each one after those that depend on
     * it. Does not wait.
     */
    public synchronized void close() {
        closing = true;
        for (String appId : neighbours.graph().providersFirst().reversed()) {
            AppDesk desk = desks.get(appId);
            if (desk != null) {
                List<Compartment> before = stillStopping(appId);
                List.copyOf(desk.compartments().values())
                        .forEach(compartment -> StopOrder.after(before, () -> end(compartment, () -> {})));
            }
        }
    }

    /** True once nothing runs any more after {@link #close}. */
    public synchronized boolean quiet() {
        return desks.values().stream()
                .flatMap(desk -> desk.compartments().values().stream())
                .allMatch(Compartment::over);
    }

    /** Ends what still runs, at once. */
    public synchronized void kill() {
        closing = true;
        desks.values().forEach(desk -> desk.compartments().values().forEach(c -> c.endIfStill(LossCause.KILLED)));
        control.close();
    }
}
