package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.hal.actuation.LossCause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of one app and the strand it lives on. Its methods may be called from any thread; what they do happens in turns on its
 * strand, and what comes of it is told as {@link SupervisorEvent}s.
 */
final class Compartment {
    /** Most turns waiting; there is one delivery at a time, the rest are stops, flushes and swaps. */
    private static final int STRAND_DEPTH = 64;

    private final Edition edition;
    private final int incarnation;
    private final CompartmentParts parts;
    private final Assembly assembly;
    private final Ending ending;
    private final Consumer<SupervisorEvent> news;
    private final GuardedStrand strand;
    private final ThrottleWatch throttle;
    private final HandOverMoment moment;
    private final Departure departure = new Departure();

    // written on the strand
    private volatile @Nullable Occupant occupant;
    private volatile @Nullable Delivery delivery;
    private volatile boolean frozen;
    private volatile @Nullable Compartment successor;
    private volatile @Nullable Compartment lender;

    Compartment(
            Edition edition,
            int incarnation,
            boolean shadow,
            CompartmentParts parts,
            LifecycleAudit audit,
            LogBook book,
            Consumer<SupervisorEvent> news) {
        this.edition = edition;
        this.incarnation = incarnation;
        this.parts = parts;
        this.assembly = new Assembly(parts, audit, book, shadow);
        this.ending =
                new Ending(edition.release().appId(), incarnation, parts.host().clock(), book, news);
        this.news = news;
        String who = edition.release().appId() + "#" + incarnation;
        this.strand = new GuardedStrand(
                parts.strands().open(who, STRAND_DEPTH, Strand.Rank.APP), who, parts.hostFaults(), this::fail);
        this.moment = new HandOverMoment(parts.host().clock(), parts.host().scheduler(), strand);
        this.throttle = new ThrottleWatch(
                parts.host().clock()::nanos,
                on -> news.accept(new SupervisorEvent.Throttle(incarnation, on)),
                this::fail);
    }

    /** Admits, compiles, instantiates, starts; then takes events. Answers Started or Broke. */
    void start() {
        strand.turn("start", () -> {
            Optional<Occupant> made = moveIn();
            if (made.isPresent()) {
                made.get().session().payForLastMessages();
                listen(made.get());
                news.accept(new SupervisorEvent.Started(incarnation));
            }
        });
    }

    /** As {@link #start}, muted, with the state of the live one; calls {@code ready} on the strand when it listens. */
    void shadow(Compartment live, Runnable ready) {
        strand.turn("shadow", () -> {
            Optional<Occupant> made = moveIn();
            made.ifPresent(mine -> live.saveState(state -> strand.turn("restore", () -> {
                if (restored(mine, state)) {
                    listen(mine);
                    ready.run();
                }
            })));
        });
    }

    /** The occupant, once its {@code on_start} went well. */
    private Optional<Occupant> moveIn() {
        try {
            Occupant made = assembly.of(edition, incarnation, strand.strand(), this::heldBack);
            occupant = made;
            return well(Verdict.strictly("on_start", made.instance().start(), made))
                    ? Optional.of(made)
                    : Optional.empty();
        } catch (AdmissionException e) {
            fail("refused at admission (" + e.reason() + "): " + e.getMessage());
        } catch (ContractException e) {
            fail("its package cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void listen(Occupant mine) {
        delivery = new Delivery(mine);
        mine.session().inbox().open(this::requestDelivery);
    }

    private void requestDelivery() {
        strand.turn("deliver", this::deliver);
    }

    private void deliver() {
        Occupant mine = occupant;
        Delivery events = delivery;
        if (mine != null && events != null && !frozen && !ending.reached() && well(events.next())) {
            throttle.look(mine);
            mine.session().inbox().rest();
            moment.come();
        }
    }

    /** True when the instance can go on; else its end is told and it gets no more events. */
    private boolean well(Verdict verdict) {
        return ending.well(verdict) || pause();
    }

    private void fail(String cause) {
        if (ending.fail(cause)) {
            pause();
        }
    }

    private boolean pause() {
        Occupant mine = occupant;
        if (mine != null) {
            mine.session().inbox().pause();
        }
        return false;
    }

    private void heldBack() {
        Occupant mine = occupant;
        if (mine != null) {
            throttle.held(mine);
        }
    }

    /** Called about once a second: writes counters into the audit log, notices that throttling is over, and that a callback never is. */
    void tick() {
        Occupant mine = occupant;
        if (mine == null || ending.reached()) {
            return;
        }
        Duration deadline = mine.content().manifest().health().deadline();
        if (mine.calls().busyNanos() > deadline.toNanos()) {
            fail("it did not come back from a callback within " + TimeSpan.text(deadline));
        } else {
            strand.offer("tick", () -> {
                if (!ending.reached()) {
                    mine.session().flush();
                    throttle.look(mine);
                }
            });
        }
    }

    /** Calls {@code on_stop}, then ends; answers Ended. */
    void stop() {
        strand.turn("stop", () -> {
            Occupant mine = occupant;
            if (mine != null && !ending.reached()) {
                mine.session().inbox().pause();
                ending.last(Verdict.of(mine.instance().stop(), mine));
            }
            finish(LossCause.STOPPED);
            news.accept(new SupervisorEvent.Ended(incarnation));
        });
    }

    /** Ends at once: outputs get their failsafe now, the rest is given back when the strand has let go of the guest. */
    void discard(LossCause cause) {
        ending.ask();
        Occupant mine = occupant;
        if (mine != null) {
            mine.instance().kill();
            mine.session().silence(cause);
        }
        strand.interrupt();
        if (!strand.offer("discard", () -> finish(cause))) {
            strand.close();
        }
    }

    /** Ends it unless it has ended; any thread. */
    void endIfStill(LossCause cause) {
        if (!departure.over()) {
            discard(cause);
        }
    }

    /** Over once its session is closed. */
    Departure departure() {
        return departure;
    }

    private void finish(LossCause cause) {
        ending.ask();
        Occupant mine = occupant;
        if (mine != null) {
            giveBack(mine);
            mine.session().close(cause);
        }
        Compartment heir = successor;
        if (heir != null) {
            heir.lender = null;
        }
        List<Runnable> next = departure.happen();
        strand.close();
        next.forEach(Runnable::run);
    }

    /** The frozen release this one took over from gets its subscriptions and timers back; it does nothing meanwhile. */
    private void giveBack(Occupant mine) {
        Compartment from = lender;
        Occupant theirs = from == null ? null : from.occupant;
        if (theirs != null) {
            theirs.session().takeBack(mine.session());
        }
    }

    /** Hands the state to {@code sink} at a message boundary; an app without {@code save_state} hands over nothing. */
    private void saveState(Consumer<SavedState> sink) {
        strand.turn("save", () -> sink.accept(state()));
    }

    private SavedState state() {
        Occupant mine = occupant;
        if (mine == null || ending.reached()) {
            return new SavedState.Nothing();
        }
        SavedState saved = SavedState.of(mine);
        if (saved instanceof SavedState.Spent spent) {
            well(spent.verdict());
        }
        return saved;
    }

    /** True when this occupant can go on, with the state where there is one. */
    private boolean restored(Occupant mine, SavedState state) {
        return !ending.reached() && well(state.restore(mine));
    }

    /**
     * Takes over from the live compartment at a message boundary: the live one stops between two deliveries, its state is handed over
     * once more, then everything that waits and everything owned moves, and what waits is delivered. All of that happens on the live one's
     * thread, so that no event waits for another thread to wake. The live one stays frozen. Answers CutOver, some milliseconds later, or Broke.
     */
    void takeOver(Compartment live) {
        strand.turn("lend", () -> {
            pause();
            moment.approach();
            strand.lend();
            live.departure.then(this::takeUp);
            live.moment.await(() -> live.handOver(this));
        });
    }

    /** A successor that broke meanwhile changes nothing here. */
    private void handOver(Compartment next) {
        if (!ending.reached() && !next.ending.reached()) {
            frozen = true;
            pause();
            SavedState state = state();
            next.strand.guard("take over", () -> next.goOn(this, state));
        }
        next.takeUp();
    }

    /** The strand that was lent is its own again. */
    private void takeUp() {
        strand.giveBack();
        moment.settle();
    }

    /** On the live one's strand; this one's is lent. */
    private void goOn(Compartment live, SavedState state) {
        Occupant mine = occupant;
        Occupant theirs = live.occupant;
        if (mine == null || theirs == null) {
            return;
        }
        mine.session().beginMigration();
        if (!restored(mine, state)) {
            return;
        }
        mine.session().takeData(edition.release().packageDigest());
        mine.session().takeOver(theirs.session());
        live.successor = this;
        lender = live;
        deliver();
        if (!ending.reached()) {
            mine.session().inbox().open(this::requestDelivery);
            moment.tell(() -> news.accept(new SupervisorEvent.CutOver(incarnation)));
        }
    }

    /** A frozen compartment lives again, once its successor is over and what it was lent is back. Answers Started or Broke. */
    void thaw() {
        Compartment heir = successor;
        successor = null;
        Runnable wake = () -> strand.turn("thaw", this::wake);
        if (heir == null) {
            wake.run();
        } else {
            heir.departure.then(wake);
        }
    }

    private void wake() {
        Occupant mine = occupant;
        if (mine == null || ending.reached()) {
            fail("it cannot be woken again");
            return;
        }
        frozen = false;
        mine.session().inbox().open(this::requestDelivery);
        news.accept(new SupervisorEvent.Started(incarnation));
    }

    /** Who lives here, once it was made. */
    Optional<Occupant> occupant() {
        return Optional.ofNullable(occupant);
    }

    /** How it stands; empty before it takes events. */
    Optional<CompartmentView> view() {
        Occupant mine = occupant;
        Delivery events = delivery;
        return mine == null || events == null
                ? Optional.empty()
                : Optional.of(CompartmentView.of(
                        mine,
                        events,
                        parts.host().keyValues().used(edition.release().appId())));
    }

    /** What is open; told on the strand. */
    void inspect(Consumer<List<OpenHandle>> sink) {
        strand.turn("inspect", () -> {
            Occupant mine = occupant;
            sink.accept(mine == null ? List.of() : mine.session().openHandles());
        });
    }
}
