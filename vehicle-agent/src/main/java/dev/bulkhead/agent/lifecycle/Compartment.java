package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.LossCause;
import java.time.Duration;
import java.util.ArrayList;
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
    private final LogBook book;
    private final Consumer<SupervisorEvent> news;
    private final Strand strand;
    private final ThrottleWatch throttle;
    private final List<Runnable> followers = new ArrayList<>();

    // written on the strand
    private volatile @Nullable Occupant occupant;
    private volatile @Nullable Delivery delivery;
    private volatile boolean ended;
    private volatile boolean over;
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
        this.book = book;
        this.news = news;
        this.strand =
                parts.strands().open(edition.release().appId() + "#" + incarnation, STRAND_DEPTH, Strand.Rank.APP);
        this.throttle = new ThrottleWatch(
                parts.host().clock()::nanos,
                on -> news.accept(new SupervisorEvent.Throttle(incarnation, on)),
                this::fail);
    }

    /** Admits, compiles, instantiates, starts; then takes events. Answers Started or Broke. */
    void start() {
        turn("start", () -> {
            Optional<Occupant> made = moveIn();
            if (made.isPresent()) {
                listen(made.get());
                news.accept(new SupervisorEvent.Started(incarnation));
            }
        });
    }

    /** As {@link #start}, muted, with the state of the live one; calls {@code ready} on the strand when it listens. */
    void shadow(Compartment live, Runnable ready) {
        turn("shadow", () -> {
            Optional<Occupant> made = moveIn();
            made.ifPresent(mine -> live.saveState(state -> turn("restore", () -> {
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
            Occupant made = assembly.of(edition, incarnation, strand, this::heldBack);
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
        turn("deliver", this::deliver);
    }

    private void deliver() {
        Occupant mine = occupant;
        Delivery events = delivery;
        if (mine != null && events != null && !frozen && !ended && well(events.next())) {
            throttle.look(mine);
            mine.session().inbox().rest();
        }
    }

    /** True when the instance can go on; else its end is told. */
    private boolean well(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Well _ -> true;
            case Verdict.Exited exited -> {
                ended = true;
                news.accept(new SupervisorEvent.Exited(incarnation, exited.code()));
                yield false;
            }
            case Verdict.Failed failed -> {
                fail(failed.cause());
                yield false;
            }
        };
    }

    private void fail(String cause) {
        if (ended) {
            return;
        }
        ended = true;
        Occupant mine = occupant;
        if (mine != null) {
            mine.session().inbox().pause();
        }
        long now = parts.host().clock().nanos();
        long unix = parts.host().clock().unixMillis();
        book.add(new LogBook.Line(edition.release().appId(), now, unix, "ERROR", cause, 0));
        news.accept(new SupervisorEvent.Broke(incarnation, cause));
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
        if (mine == null || ended) {
            return;
        }
        Duration deadline = mine.content().manifest().health().deadline();
        if (mine.calls().busyNanos() > deadline.toNanos()) {
            fail("it did not come back from a callback within " + TimeSpan.text(deadline));
        } else {
            strand.execute(guarded("tick", () -> {
                if (!ended) {
                    mine.session().flush();
                    throttle.look(mine);
                }
            }));
        }
    }

    /** Calls {@code on_stop}, then ends; answers Ended. */
    void stop() {
        turn("stop", () -> {
            Occupant mine = occupant;
            if (mine != null && !ended) {
                mine.session().inbox().pause();
                mine.instance().stop();
            }
            finish(LossCause.STOPPED);
            news.accept(new SupervisorEvent.Ended(incarnation));
        });
    }

    /** Ends at once: outputs get their failsafe now, the rest is given back when the strand has let go of the guest. */
    void discard(LossCause cause) {
        ended = true;
        Occupant mine = occupant;
        if (mine != null) {
            mine.instance().kill();
            mine.session().silence(cause);
        }
        strand.interrupt();
        if (!strand.execute(guarded("discard", () -> finish(cause)))) {
            strand.close();
        }
    }

    /** Ends it unless it has ended; any thread. */
    void endIfStill(LossCause cause) {
        if (!over) {
            discard(cause);
        }
    }

    /** True once its session is closed. */
    boolean over() {
        return over;
    }

    private void finish(LossCause cause) {
        ended = true;
        Occupant mine = occupant;
        if (mine != null) {
            giveBack(mine);
            mine.session().close(cause);
        }
        Compartment heir = successor;
        if (heir != null) {
            heir.lender = null;
        }
        List<Runnable> next;
        synchronized (followers) {
            over = true;
            next = List.copyOf(followers);
            followers.clear();
        }
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
        turn("save", () -> sink.accept(state()));
    }

    private SavedState state() {
        Occupant mine = occupant;
        if (mine == null || ended) {
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
        return switch (state) {
            case SavedState.Nothing _, SavedState.Spent _ -> !ended;
            case SavedState.Refused refused -> failed(refused.cause());
            case SavedState.Bytes bytes -> restored(mine, bytes);
        };
    }

    private boolean restored(Occupant mine, SavedState.Bytes state) {
        if (ended || !mine.instance().exports("restore_state")) {
            return !ended;
        }
        Optional<String> unfit =
                SavedState.unfit(state, mine.content().manifest().update().state());
        if (unfit.isPresent()) {
            return failed(unfit.get());
        }
        return well(Verdict.strictly("restore_state", mine.instance().restore(state.bytes()), mine));
    }

    private boolean failed(String cause) {
        fail(cause);
        return false;
    }

    /**
     * Takes over from the live compartment at a message boundary: the live one stops between two deliveries, its state is handed over
     * once more, then everything that waits and everything owned moves. The live one stays frozen. Answers CutOver or Broke.
     */
    void takeOver(Compartment live) {
        live.freeze(() -> {
            SavedState state = live.state();
            turn("take over", () -> {
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
                mine.session().inbox().open(this::requestDelivery);
                news.accept(new SupervisorEvent.CutOver(incarnation));
            });
        });
    }

    /** What {@link #takeOver} left to be written down about the app's data; any thread. */
    void keepData() {
        Occupant mine = occupant;
        if (mine != null) {
            mine.session().keepData();
        }
    }

    /** There is no return to the release before any more; any thread. */
    void dataSettled() {
        Occupant mine = occupant;
        if (mine != null) {
            mine.session().dataSettled();
        }
    }

    /** Stops taking events after the turn that runs; then calls {@code still} on the strand. */
    private void freeze(Runnable still) {
        turn("freeze", () -> {
            frozen = true;
            Occupant mine = occupant;
            if (mine != null) {
                mine.session().inbox().pause();
            }
            still.run();
        });
    }

    /** A frozen compartment lives again, once its successor is over and what it was lent is back. Answers Started or Broke. */
    void thaw() {
        Compartment heir = successor;
        successor = null;
        Runnable wake = () -> turn("thaw", this::wake);
        if (heir == null) {
            wake.run();
        } else {
            heir.whenOver(wake);
        }
    }

    private void wake() {
        Occupant mine = occupant;
        if (mine == null || ended) {
            fail("it cannot be woken again");
            return;
        }
        frozen = false;
        mine.session().inbox().open(this::requestDelivery);
        news.accept(new SupervisorEvent.Started(incarnation));
    }

    /** Runs {@code follow} once its session is closed; at once when it is. */
    void whenOver(Runnable follow) {
        synchronized (followers) {
            if (!over) {
                followers.add(follow);
                return;
            }
        }
        follow.run();
    }

    void configChanged() {
        Occupant mine = occupant;
        if (mine != null) {
            mine.session().configChanged();
        }
    }

    private void turn(String what, Runnable work) {
        if (!strand.execute(guarded(what, work)) && !ended) {
            fail("its strand takes no more turns");
        }
    }

    /** Nothing that goes wrong in a turn may end the strand. */
    private Runnable guarded(String what, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (KillException e) {
                if (e.killCause() != KillCause.STOPPED) {
                    fail("killed in " + what);
                }
            } catch (RuntimeException | StackOverflowError e) {
                parts.hostFaults().failed(edition.release().appId() + "#" + incarnation + " " + what, e);
                fail("host fault in " + what + ": " + e);
            }
        };
    }

    /** The manifest as it was packed; empty before the package is read. */
    String manifestText() {
        Occupant mine = occupant;
        return mine == null ? "" : mine.content().manifestText();
    }

    /** What became of each line of the manifest. */
    List<AuditEntry.Declared.Request> grants() {
        Occupant mine = occupant;
        return mine == null ? List.of() : mine.grants();
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
        turn("inspect", () -> {
            Occupant mine = occupant;
            sink.accept(mine == null ? List.of() : mine.session().openHandles());
        });
    }
}
