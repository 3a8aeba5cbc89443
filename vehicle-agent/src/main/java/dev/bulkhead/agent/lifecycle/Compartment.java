package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.AppLabel;
import dev.bulkhead.agent.host.AppSession;
import dev.bulkhead.agent.host.CpuGauge;
import dev.bulkhead.agent.host.EventWriter;
import dev.bulkhead.agent.host.HostLinker;
import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.agent.host.Percentile;
import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.security.policy.AppIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of one app: instance, strand and session. Its methods may be called from any thread; what they do happens in turns on
 * its strand, and what comes of it is told as {@link SupervisorEvent}s.
 */
final class Compartment {
    /** Most turns waiting; there is one delivery at a time, the rest are stops, flushes and swaps. */
    private static final int STRAND_DEPTH = 64;

    /** What {@code save_state} may hand over. */
    private static final int MOST_STATE = dev.bulkhead.contract.abi.Layouts.LONGEST_STATE;

    /** Events in a row that the app may answer with a negative status before it counts as failed. */
    private static final int MOST_REFUSALS = 10;

    private final Edition edition;
    private final int incarnation;
    private final boolean shadow;
    private final CompartmentParts parts;
    private final LifecycleAudit audit;
    private final LogBook book;
    private final Consumer<SupervisorEvent> news;
    private final Strand strand;

    // strand only, but for reading what is published through them
    private volatile @Nullable Opened opened;
    private volatile List<AuditEntry.Declared.Request> grants = List.of();
    private volatile boolean ended;
    private volatile boolean over;
    private final AtomicLong events = new AtomicLong();
    private volatile boolean throttled;
    private volatile long lastThrottleNanos;
    private volatile boolean frozen;
    private volatile @Nullable Compartment successor;
    private volatile @Nullable Compartment lender;
    private final List<Runnable> followers = new ArrayList<>();
    private final Percentile callbacks = new Percentile();
    private int refusals;

    /** What exists once the package is read, admitted and instantiated. */
    private record Opened(
            ReleaseContent content,
            Budget budget,
            CpuAccount account,
            AppSession session,
            Instance instance,
            EventWriter writer) {}

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
        this.shadow = shadow;
        this.parts = parts;
        this.audit = audit;
        this.book = book;
        this.news = news;
        this.strand = parts.strands().open(edition.release().appId() + "#" + incarnation, STRAND_DEPTH);
    }

    int incarnation() {
        return incarnation;
    }

    Edition edition() {
        return edition;
    }

    /** Admits, compiles, instantiates, starts; then takes events. Answers Started or Broke. */
    void start() {
        turn("start", () -> {
            Optional<Opened> made = open();
            if (made.isPresent() && began(made.get())) {
                listen(made.get());
                news.accept(new SupervisorEvent.Started(incarnation));
            }
        });
    }

    /** As {@link #start}, muted, with the state of the live one; calls {@code ready} on the strand when it listens. */
    void shadow(Compartment live, Runnable ready) {
        turn("shadow", () -> {
            Optional<Opened> made = open();
            if (made.isPresent() && began(made.get())) {
                live.saveState(state -> turn("restore", () -> {
                    if (restored(made.get(), state)) {
                        listen(made.get());
                        ready.run();
                    }
                }));
            }
        });
    }

    private Optional<Opened> open() {
        try {
            Opened made = assemble();
            opened = made;
            return Optional.of(made);
        } catch (AdmissionException e) {
            fail("refused at admission (" + e.reason() + "): " + e.getMessage());
        } catch (dev.bulkhead.contract.ContractException e) {
            fail("its package cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Opened assemble() {
        String digest = edition.release().packageDigest();
        byte[] bytes = parts.releases()
                .content(digest)
                .orElseThrow(() -> new AdmissionException(
                        AdmissionException.Reason.MALFORMED, "package " + digest + " is not stored any more"));
        ReleaseContent content = ReleaseContent.of(bytes);
        Budget budget = AppBudget.of(content.manifest());
        CompiledModule module = parts.engine()
                .compile(
                        content.module(), Limits.forMemory(budget.memoryBytes()), HostLinker.gate(content.requested()));
        CpuAccount account =
                new CpuAccount(budget, parts.cpu().get(), parts.host().clock()::nanos, strand, this::onThrottle);
        PolicyDesk desk = desk(content);
        grants = audit.declared(edition.release(), content, desk, imports(module));
        AppSession session = session(content, desk, budget, account);
        Instance instance = module.instantiate(HostLinker.imports(session), budget, account);
        return new Opened(content, budget, account, session, instance, new EventWriter(1));
    }

    private static List<String> imports(CompiledModule module) {
        return module.imports().stream()
                .filter(each -> !each.module().equals("env"))
                .map(each -> each.module() + "." + each.name())
                .toList();
    }

    private PolicyDesk desk(ReleaseContent content) {
        ReleaseRef release = edition.release();
        AppIdentity identity = new AppIdentity(vendor(), release.appId(), release.version());
        return new PolicyDesk(parts.policy(), identity, content.lines());
    }

    private String vendor() {
        return parts.releases()
                .find(edition.release().packageDigest())
                .map(StoredRelease::vendor)
                .orElse("unknown");
    }

    private AppSession session(ReleaseContent content, PolicyDesk desk, Budget budget, CpuAccount account) {
        ReleaseRef release = edition.release();
        AppLabel label = new AppLabel(release.appId(), release.version(), vendor(), incarnation);
        return new AppSession(
                label,
                AppBudget.bounds(content.manifest()),
                parts.host(),
                desk,
                parts.random().apply(label.toString()),
                book,
                new CpuGauge(budget, account::usage),
                shadow);
    }

    /** True when {@code on_start} went well. */
    private boolean began(Opened made) {
        Outcome outcome = made.instance().start();
        if (outcome instanceof Outcome.Returned returned && returned.status() < 0) {
            fail("on_start answered " + returned.status());
            return false;
        }
        return judge(made, outcome);
    }

    private void listen(Opened made) {
        EventWriter writer = new EventWriter(Math.max(1, made.instance().eventCapacity()));
        Opened listening =
                new Opened(made.content(), made.budget(), made.account(), made.session(), made.instance(), writer);
        opened = listening;
        listening.session().inbox().open(this::requestDelivery);
    }

    private void requestDelivery() {
        if (!strand.execute(guarded("deliver", this::deliver)) && !ended) {
            fail("its strand takes no more turns");
        }
    }

    private void deliver() {
        Opened now = opened;
        if (now == null || frozen || ended) {
            return;
        }
        now.writer().clear();
        now.session().inbox().take(now.writer());
        int count = now.writer().count();
        boolean well = true;
        if (count > 0) {
            long before = now.account().usage().totalNanos();
            Outcome outcome = now.instance().deliver(now.writer().records(), count);
            callbacks.add(now.account().usage().totalNanos() - before);
            events.addAndGet(count);
            well = judge(now, outcome) && accepted(outcome);
        }
        if (well) {
            settleThrottle(now);
            now.session().inbox().rest();
        }
    }

    private boolean accepted(Outcome outcome) {
        if (outcome instanceof Outcome.Returned returned && returned.status() < 0) {
            refusals++;
            if (refusals >= MOST_REFUSALS) {
                fail("on_event answered " + returned.status() + ", " + refusals + " times in a row");
                return false;
            }
        } else {
            refusals = 0;
        }
        return true;
    }

    /** True when the instance can go on. */
    private boolean judge(Opened now, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned _ -> true;
            case Outcome.Trapped trap -> {
                String where = trap.where().isEmpty() ? "" : " in " + trap.where();
                fail("trap: " + trap.message() + where);
                yield false;
            }
            case Outcome.Killed killed -> {
                killed(now, killed);
                yield false;
            }
        };
    }

    private void killed(Opened now, Outcome.Killed killed) {
        switch (killed.cause()) {
            case EXITED -> {
                ended = true;
                news.accept(new SupervisorEvent.Exited(incarnation, killed.exitCode()));
            }
            case CPU_QUOTA -> {
                now.session()
                        .exceeded(
                                "cpu",
                                now.budget().quotaNanos(),
                                now.account().usage().periodNanos(),
                                "killed");
                fail("killed: CPU quota of " + now.budget().quotaNanos() + " ns per period used up");
            }
            case CALLBACK_LIMIT -> {
                long limit = now.budget().callbackNanos();
                now.session().exceeded("callback", limit, limit, "killed");
                fail("killed: one callback took more than " + limit + " ns of CPU");
            }
            case STOPPED -> fail("killed while it was being stopped");
        }
    }

    private void fail(String cause) {
        if (!ended) {
            ended = true;
            Opened now = opened;
            if (now != null) {
                now.session().inbox().pause();
            }
            book.add(new LogBook.Line(
                    edition.release().appId(),
                    parts.host().clock().nanos(),
                    parts.host().clock().unixMillis(),
                    "ERROR",
                    cause,
                    0));
            news.accept(new SupervisorEvent.Broke(incarnation, cause));
        }
    }

    private void onThrottle() {
        Opened now = opened;
        if (now == null) {
            return;
        }
        long quota = now.budget().quotaNanos();
        lastThrottleNanos = parts.host().clock().nanos();
        now.session().exceeded("cpu", quota, now.account().usage().periodNanos(), "throttled");
        if (now.budget().onExceed() == Budget.OnExceed.DEGRADE) {
            now.session().cpuWarning(0);
        }
        if (!throttled) {
            throttled = true;
            news.accept(new SupervisorEvent.Throttle(incarnation, true));
        }
    }

    private void settleThrottle(Opened now) {
        if (throttled) {
            long calm = lastThrottleNanos + 2 * now.budget().periodNanos();
            if (parts.host().clock().nanos() >= calm) {
                throttled = false;
                news.accept(new SupervisorEvent.Throttle(incarnation, false));
            }
        }
    }

    /** Called about once a second: writes counters into the audit log and notices that throttling is over. */
    void tick() {
        Opened now = opened;
        if (now != null && !ended) {
            strand.execute(guarded("tick", () -> {
                if (!ended) {
                    now.session().flush();
                    settleThrottle(now);
                }
            }));
        }
    }

    /** Calls {@code on_stop}, then ends; answers Ended. */
    void stop() {
        turn("stop", () -> {
            Opened now = opened;
            if (now != null && !ended) {
                now.session().inbox().pause();
                now.instance().stop();
            }
            finish(LossCause.STOPPED);
            news.accept(new SupervisorEvent.Ended(incarnation));
        });
    }

    /** Ends at once: outputs get their failsafe now, the rest is given back when the strand has let go of the guest. */
    void discard(LossCause cause) {
        ended = true;
        Opened now = opened;
        if (now != null) {
            now.instance().kill();
            now.session().silence(cause);
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
        Opened now = opened;
        if (now != null) {
            giveBack(now);
            now.session().close(cause);
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
    private void giveBack(Opened mine) {
        Compartment from = lender;
        Opened theirs = from == null ? null : from.opened;
        if (theirs != null) {
            theirs.session().takeBack(mine.session());
        }
    }

    /** Hands the state to {@code sink} at a message boundary; an app without {@code save_state} hands over nothing. */
    void saveState(Consumer<Optional<byte[]>> sink) {
        turn("save", () -> sink.accept(state()));
    }

    private Optional<byte[]> state() {
        Opened now = opened;
        if (now == null || ended || !now.instance().exports("save_state")) {
            return Optional.empty();
        }
        StateSlot slot = new StateSlot();
        judge(now, now.instance().save(MOST_STATE, slot));
        return slot.state();
    }

    private static final class StateSlot implements Consumer<byte[]> {
        private byte @Nullable [] bytes;

        @Override
        public void accept(byte[] state) {
            bytes = state;
        }

        Optional<byte[]> state() {
            return Optional.ofNullable(bytes);
        }
    }

    private boolean restored(Opened made, Optional<byte[]> state) {
        if (state.isEmpty() || !made.instance().exports("restore_state")) {
            return true;
        }
        Outcome outcome = made.instance().restore(state.get());
        if (outcome instanceof Outcome.Returned returned && returned.status() < 0) {
            fail("restore_state answered " + returned.status());
            return false;
        }
        return judge(made, outcome);
    }

    /**
     * Takes over from the live compartment at a message boundary: the live one stops between two deliveries, its state is handed over
     * once more, then everything that waits and everything owned moves. The live one stays frozen. Answers CutOver or Broke.
     */
    void takeOver(Compartment live) {
        live.freeze(() -> {
            Optional<byte[]> state = live.state();
            turn("take over", () -> {
                Opened mine = opened;
                Opened theirs = live.opened;
                if (mine == null || theirs == null || ended || !restored(mine, state)) {
                    return;
                }
                mine.session().takeOver(theirs.session());
                live.successor = this;
                lender = live;
                news.accept(new SupervisorEvent.CutOver(incarnation));
                mine.session().inbox().open(this::requestDelivery);
            });
        });
    }

    /** Stops taking events after the turn that runs; then calls {@code still} on the strand. */
    private void freeze(Runnable still) {
        turn("freeze", () -> {
            frozen = true;
            Opened now = opened;
            if (now != null) {
                now.session().inbox().pause();
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
        Opened mine = opened;
        if (mine == null || ended) {
            fail("it cannot be woken again");
            return;
        }
        frozen = false;
        mine.session().inbox().open(this::requestDelivery);
        news.accept(new SupervisorEvent.Started(incarnation));
    }

    private void whenOver(Runnable follow) {
        synchronized (followers) {
            if (!over) {
                followers.add(follow);
                return;
            }
        }
        follow.run();
    }

    /** The manifest as it was packed; empty before the package is read. */
    String manifestText() {
        Opened now = opened;
        return now == null ? "" : now.content().manifestText();
    }

    /** What became of each line of the manifest. */
    List<AuditEntry.Declared.Request> grants() {
        return grants;
    }

    void configChanged() {
        Opened now = opened;
        if (now != null) {
            now.session().configChanged();
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

    /** How it stands; empty before it is instantiated. */
    Optional<CompartmentView> view() {
        Opened now = opened;
        if (now == null) {
            return Optional.empty();
        }
        return Optional.of(new CompartmentView(
                now.content().manifest(),
                now.budget(),
                now.account().usage(),
                now.instance().usage(),
                now.session().inbox().depth(),
                now.session().inbox().limit(),
                now.session().inbox().dropped(),
                now.session().denied(),
                events.get(),
                now.session().latenessP99(),
                callbacks.p99(),
                parts.host().keyValues().used(edition.release().appId())));
    }

    /** What is open; told on the strand. */
    void inspect(Consumer<List<OpenHandle>> sink) {
        turn("inspect", () -> {
            Opened now = opened;
            sink.accept(now == null ? List.of() : now.session().openHandles());
        });
    }
}
