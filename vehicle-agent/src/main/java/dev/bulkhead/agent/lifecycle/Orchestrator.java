package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The door to the shell around {@link Supervisor}. Behind it {@link Steps} makes each step durable before {@link Deeds} carries it out in
 * compartments. Thread-safe: steps follow each other under one lock, which nobody holds while an app runs. Timers and apps send their
 * news over the {@link ControlStrand}.
 */
public final class Orchestrator {
    private static final long TICK_NANOS = 1_000_000_000L;

    private final CompartmentParts parts;
    private final SlotStore store;
    private final ConfigDesk config;
    private final LifecycleAudit audit;
    private final Chronicle chronicle;
    private final ControlStrand control;

    // used under the lock of this
    private final Desks desks = new Desks();
    private final Estate estate;
    private final Deeds deeds;
    private final Steps steps;
    private Optional<Runnable> strays = Optional.empty();

    public Orchestrator(
            CompartmentParts parts, SlotStore store, AuditTrail trail, ConfigDesk config, RandomGenerator jitter) {
        this.parts = parts;
        this.store = store;
        this.config = config;
        this.audit = new LifecycleAudit(trail, parts.releases());
        this.chronicle = new Chronicle(parts.host().clock(), audit);
        this.control = new ControlStrand(parts, this::locked, this::apply);
        this.estate = new Estate(parts, store, config, desks);
        this.deeds = new Deeds(parts, desks, control, estate, chronicle, audit, this::leaving, this::gatesOpen);
        this.steps = new Steps(parts, jitter, store, desks, control, deeds);
    }

    private synchronized void locked(Runnable turn) {
        turn.run();
    }

    private void leaving(String appId) {
        steps.tellDependents(appId);
    }

    private void gatesOpen(String ensemble) {
        steps.gatesOpen(ensemble);
    }

    LifecycleAudit audit() {
        return audit;
    }

    /** Reads the store and brings everything back to what was asked for. Called once. */
    public synchronized void start() {
        Survival survived = store.survival();
        Revival.of(survived.prudent(), survived.brokenEnsembles(), Editions.on(parts.shelf(), survived.packages()))
                .values()
                .forEach(desks::keep);
        survived.damages().forEach(this::tell);
        strays = survived.anyStray() ? Optional.of(this::setStraysAside) : Optional.empty();
        survived.reports().forEach(this::recall);
        survived.abandoned().forEach(this::abandon);
        estate.catchUp(survived);
        for (String appId : desks.neighbours().graph().providersFirst()) {
            apply(appId, new SupervisorEvent.AgentStarted());
        }
        tickLater();
    }

    /** What of the store cannot be read is told in the agent's log, the audit log and the log of the app it is about. */
    private void tell(Damage damage) {
        parts.hostFaults().failed("store", new UnreadableException(damage));
        audit.damaged(damage);
        damage.appId().flatMap(desks::find).ifPresent(desk -> chronicle.error(desk, damage.toString()));
    }

    /** Once the audit log has had the time to write down what was told of them; where that fails they are told of again at the next start. */
    private void setStraysAside() {
        try {
            store.setStraysAside();
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
        }
    }

    private void recall(UpdateReport report) {
        desks.find(report.release().appId()).ifPresent(desk -> desk.report(report));
    }

    private void abandon(UpdateReport report) {
        try {
            store.save(Durables.news(List.of(report)));
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
        }
        recall(report);
    }

    private void tickLater() {
        long next = parts.host().clock().nanos() + TICK_NANOS;
        parts.host().scheduler().at(next, () -> control.turn(this::tick));
    }

    private void tick() {
        if (!control.closing()) {
            strays.ifPresent(Runnable::run);
            strays = Optional.empty();
            compartments().forEach(Compartment::tick);
            tickLater();
        }
    }

    private Stream<Compartment> compartments() {
        return desks.all().stream().flatMap(desk -> desk.compartments().values().stream());
    }

    /** Calls {@code answer} on the control strand, once it can take steps: a sign of life. Any thread. */
    public void probe(Runnable answer) {
        control.turn(answer);
    }

    /**
     * Takes one step now and starts what follows from it. When this returns the step is durable. Only a wish for an edition makes an app
     * known; anything else about an unknown one, such as late news of one that was removed, is ignored.
     *
     * @throws NotDurableException when the step cannot be written down; nothing changed then
     */
    public synchronized void apply(String appId, SupervisorEvent event) {
        steps.take(appId, event);
    }

    /**
     * Takes wishes for several apps as one, all or none; durable on return. Ensembles that one of the apps is in go back first.
     *
     * @return an app that cannot follow just now, in which case nothing of this was taken
     * @throws NotDurableException when it cannot be written down; nothing of this was taken then
     */
    synchronized Optional<String> enlist(List<SupervisorEvent.Enlist> wishes) {
        for (SupervisorEvent.Enlist wish : wishes) {
            String appId = wish.edition().release().appId();
            Optional<String> busy = steps.release(appId, "superseded by order " + wish.order());
            if (busy.isPresent()) {
                return busy;
            }
        }
        steps.enlist(wishes);
        return Optional.empty();
    }

    /** Calls {@code observer} for every further report, under the lock: it must hand work on and return at once. */
    public void observe(Consumer<UpdateReport> observer) {
        chronicle.observe(observer);
    }

    /** Calls {@code listener} after every step, under the lock: it must return at once. The returned action ends that. */
    public Runnable onChange(Runnable listener) {
        return steps.onChange(listener);
    }

    /**
     * Sets values of an app's configuration, and unsets those that are empty; durable on return. An app that runs is told.
     *
     * @return false when there is no such app
     * @throws IllegalArgumentException naming a key or value that cannot be
     * @throws NotDurableException when it cannot be written down; nothing changed then
     */
    public synchronized boolean configure(String appId, Map<String, String> changes, String who) {
        Optional<AppDesk> desk = desks.find(appId).filter(found -> found.slot().wish() != AppSlot.Wish.ABSENT);
        if (desk.isEmpty()) {
            return false;
        }
        config.change(appId, changes);
        chronicle.line(
                desk.get(),
                "configuration changed by " + who + ": " + String.join(", ", new TreeSet<>(changes.keySet())));
        audit.configured(desk.get().slot(), changes, who);
        desk.get().compartments().values().stream()
                .flatMap(compartment -> compartment.occupant().stream())
                .forEach(occupant -> occupant.session().configChanged());
        return true;
    }

    /** What is set for an app, by key. */
    public Map<String, String> configuration(String appId) {
        return config.set(appId);
    }

    /** Every app, by app id. */
    public synchronized List<AppView> apps() {
        return desks.all().stream().map(this::view).toList();
    }

    /** One app. */
    public synchronized Optional<AppView> app(String appId) {
        return desks.find(appId).map(this::view);
    }

    private AppView view(AppDesk desk) {
        List<AppSlot> company = desk.slot().part().stream()
                .flatMap(part -> desks.ensemble(part.ensemble()).stream())
                .toList();
        return desk.view(parts.releases(), company);
    }

    /** The last transitions of an app, oldest first. */
    public synchronized List<TransitionNote> transitions(String appId) {
        return desks.find(appId).map(AppDesk::notes).orElse(List.of());
    }

    /** The log of an app that is known. */
    public synchronized Optional<LogBook> book(String appId) {
        return desks.find(appId).map(AppDesk::book);
    }

    /** Asks a running app's strand what is open; false when it does not run. */
    public synchronized boolean inspect(String appId, Consumer<List<OpenHandle>> sink) {
        Optional<Compartment> live = desks.find(appId).flatMap(AppDesk::live);
        live.ifPresent(compartment -> compartment.inspect(sink));
        return live.isPresent();
    }

    /** The way round that editions would close among the apps of this vehicle; empty when they close none. */
    synchronized Optional<List<String>> circle(List<Edition> editions) {
        return desks.neighbours().circle(editions);
    }

    /**
     * Stops every app without changing what is wished for, so that the next start brings them back; each one after those that depend on
     * it. Does not wait.
     */
    public synchronized void close() {
        control.beginClosing();
        deeds.close();
    }

    /** True once nothing runs any more after {@link #close}. */
    public synchronized boolean quiet() {
        return compartments().allMatch(compartment -> compartment.departure().over());
    }

    /** Ends what still runs, at once. */
    public synchronized void kill() {
        control.beginClosing();
        compartments().forEach(compartment -> compartment.endIfStill(LossCause.KILLED));
        control.close();
    }
}
