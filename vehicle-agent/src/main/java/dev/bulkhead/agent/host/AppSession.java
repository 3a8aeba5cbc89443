package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.LossCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All that one running instance holds of the host: handles, timers, mail, counters. Strand only, unless said otherwise. While
 * {@linkplain #muted() muted} (a candidate beside the live release) its outputs are accepted and go nowhere.
 */
public final class AppSession {
    private final AppLabel label;
    private final SessionBounds bounds;
    private final HostServices services;
    private final GrantDesk desk;
    private final RandomGenerator random;
    private final AppLog log;
    private final CpuGauge gauge;
    private final HeldMemory held;
    private final EventInbox inbox;
    private final NoticeSource notices;
    private final MailSource mail;
    private final HandleTable handles;
    private final TouchLedger ledger;
    private final Map<Integer, TimerSource> timers = new TreeMap<>();
    private final ActuatorOwner owner;
    private final ShadowedKeyValues data;
    private final Percentile lateness = new Percentile();
    private final BudgetWarnings warnings;

    private int lastStatus;
    private @Nullable String ailment;
    private volatile boolean muted;
    private volatile boolean silenced;
    private boolean closed;

    public AppSession(
            AppLabel label,
            SessionBounds bounds,
            HostServices services,
            GrantDesk desk,
            RandomGenerator random,
            LogBook book,
            CpuGauge gauge,
            boolean muted) {
        this.label = label;
        this.bounds = bounds;
        this.services = services;
        this.desk = desk;
        this.random = random;
        this.gauge = gauge;
        this.muted = muted;
        this.owner = new ActuatorOwner(label.appId(), label.incarnation());
        this.held = new HeldMemory(gauge.budget().memoryBytes());
        this.inbox = new EventInbox(bounds.queue(), held);
        this.data = new ShadowedKeyValues(this);
        this.notices = new NoticeSource(inbox);
        this.warnings = new BudgetWarnings(notices, services.clock());
        this.mail = new MailSource(inbox, held);
        this.handles = new HandleTable(bounds.handles(), held);
        this.ledger = new TouchLedger(label, services.audit(), services.clock());
        this.log = new AppLog(label.appId(), bounds.logPerSecond(), services.clock(), book, ledger);
        inbox.reserve(notices, 0);
        inbox.reserve(mail, 0);
        services.apps().enter(owner, label);
    }

    AppLabel label() {
        return label;
    }

    SessionBounds bounds() {
        return bounds;
    }

    HostServices services() {
        return services;
    }

    GrantDesk desk() {
        return desk;
    }

    RandomGenerator random() {
        return random;
    }

    CpuGauge gauge() {
        return gauge;
    }

    HandleTable handles() {
        return handles;
    }

    TouchLedger ledger() {
        return ledger;
    }

    MailSource mail() {
        return mail;
    }

    Map<Integer, TimerSource> timers() {
        return timers;
    }

    ActuatorOwner owner() {
        return owner;
    }

    long now() {
        return services.clock().nanos();
    }

    int lastStatus() {
        return lastStatus;
    }

    void lastStatus(Status status) {
        lastStatus = status.code();
    }

    /** What it makes this process hold, and the cap over all of it. */
    public HeldMemory held() {
        return held;
    }

    /** Takes memory for something the host is to keep for the app; false, written down and told to the app, when its budget has no room. */
    boolean hold(long bytes) {
        if (held.take(bytes)) {
            return true;
        }
        outOfMemory(bytes);
        return false;
    }

    /** A resource got no handle: there are too many, or memory is short. */
    void noHandle(Resource resource) {
        if (handles.full()) {
            exceeded("handles", bounds.handles(), handles.size(), "refused");
        } else {
            outOfMemory(resource.heldBytes());
        }
    }

    /** The app wanted so much more than its budget has. */
    void outOfMemory(long bytes) {
        exceeded("memory", gauge.budget().memoryBytes(), held.charged() + bytes, "refused");
        warn(Scarce.MEMORY, held.left());
    }

    /** The app says that it is unwell. */
    void fallIll(String reason) {
        ailment = reason.isBlank() ? "it gives no reason" : reason;
    }

    /** Why the app says it is unwell, if it does: the first reason it gave. */
    public Optional<String> ailment() {
        return Optional.ofNullable(ailment);
    }

    /** Where its events wait. Thread-safe. */
    public EventInbox inbox() {
        return inbox;
    }

    /** True while outputs go nowhere. */
    public boolean muted() {
        return muted;
    }

    /** Attempts that policy refused. Any thread. */
    public long denied() {
        return ledger.deniedTotal();
    }

    /** Tells the app that its configuration changed. Any thread. */
    public void configChanged() {
        notices.add(
                EventKind.CONFIG_CHANGED,
                Status.OK.code(),
                0,
                0,
                0,
                services.clock().nanos());
    }

    /**
     * Warns the app that a budget is used up, at most once a second for each. Any thread.
     *
     * @param left nanoseconds, bytes or events that are left of it
     */
    public void warn(Scarce budget, long left) {
        warnings.warn(budget, left);
    }

    /** Any thread. */
    void actuatorLost(int handle, LossCause cause) {
        actuatorLost(handle, cause.code());
    }

    /** Any thread; {@code code} says why. */
    void actuatorLost(int handle, int code) {
        notices.add(EventKind.ACTUATOR_LOST, code, handle, 0, 0, now());
    }

    /** Writes a budget violation down; {@code action} is throttled or killed. */
    public void exceeded(String resource, long limit, long used, String action) {
        ledger.exceeded(resource, limit, used, action);
    }

    /** Takes a line of the app within its budget; false when it is lost. */
    boolean log(String level, String text) {
        return log.own(level, muted ? "(shadow) " + text : text);
    }

    /** Writes a line about the app into its log, outside its budget. */
    public void hostLog(String level, String text) {
        log.host(level, text);
    }

    /** Writes what was counted into the audit log; called about once a second. */
    public void flush() {
        ledger.flush();
    }

    Percentile lateness() {
        return lateness;
    }

    /** How late the last timers were delivered, 99th percentile in nanoseconds. Any thread. */
    public long latenessP99() {
        return lateness.p99();
    }

    /** Messages that wait to be fetched. Any thread. */
    public int messagesWaiting() {
        return mail.depth();
    }

    /** Messages lost because too many waited, or for the rate of the subscription. Any thread. */
    public long messagesDropped() {
        return mail.dropped();
    }

    /** Lines it wrote into its log. Any thread. */
    public long logLines() {
        return log.lines();
    }

    /** Lines lost because they were more than its budget has. Any thread. */
    public long logDropped() {
        return log.dropped();
    }

    /** What is open, for inspection: handles, then topic filters. */
    public List<OpenHandle> openHandles() {
        List<OpenHandle> open = new ArrayList<>();
        for (Resource resource : handles.all()) {
            open.add(OpenHandle.of(resource));
        }
        open.addAll(services.messages().filters(mail));
        return open;
    }

    /**
     * Ends it: timers stop, subscriptions end, ports close, and what it owned gets its failsafe. Idempotent. Called on the strand, or
     * on another thread once the strand runs nothing more.
     */
    public void close(LossCause cause) {
        if (closed) {
            return;
        }
        closed = true;
        data.handOver().forgive();
        inbox.pause();
        timers.values().forEach(TimerSource::cancel);
        services.messages().leave(mail);
        services.messages().releaseLast(label.appId(), held);
        services.actuators().ownerGone(owner, cause);
        for (Resource resource : handles.all()) {
            resource.close();
        }
        ledger.close();
        services.apps().leave(owner);
    }

    /**
     * Takes the outputs away at once, from any thread; {@link #close} follows on the strand. What the instance has begun to write and is
     * still waiting to does not happen any more.
     */
    public void silence(LossCause cause) {
        silenced = true;
        muted = true;
        data.handOver().forgive();
        inbox.pause();
        services.actuators().ownerGone(owner, cause);
    }

    /**
     * Takes back what was given to {@code heir}, which is about to be closed; this session's strand is still. What it owned before went to
     * the heir and then to its failsafe, so it is told that it lost it.
     */
    public void takeBack(AppSession heir) {
        Handover.back(heir, this);
        muted = false;
        payForLastMessages();
        for (Resource resource : handles.all()) {
            if (resource instanceof SignalResource signal && signal.claim() != null) {
                actuatorLost(signal.handle(), LossCause.SWAP_FAILED);
            }
        }
    }

    /** @throws KillException when the outputs were taken away */
    void entitled() {
        if (silenced) {
            throw new KillException(KillCause.STOPPED);
        }
    }

    ShadowedKeyValues data() {
        return data;
    }

    /** Called before the state is restored for the last time: what is written to the key-value data from here on is kept. */
    public void beginMigration() {
        data.beginAnew();
    }

    /**
     * Gives the app's key-value data to this session's release, with what it wrote meanwhile. When it wrote nothing, that is written down
     * only with its first write or {@link #keepData}.
     *
     * @throws KeyValueStore.Unavailable when it cannot be written; nothing changed then
     */
    public void takeData(String packageDigest) {
        data.take(packageDigest);
    }

    /**
     * Writes down that the release has the data, if it took it and has not written yet. Any thread.
     *
     * @throws KeyValueStore.Unavailable when it cannot be written; the first write of the app tries again
     */
    public void keepData() {
        data.handOver().pay();
    }

    /** The release is proven: its writes are no longer remembered for a return. Any thread. */
    public void dataSettled() {
        data.handOver().forgive();
    }

    /**
     * Takes over from the live session at a message boundary, both strands being still: actuators without a gap, then everything that
     * waits for the old one. From here on outputs are real.
     */
    public void takeOver(AppSession live) {
        ActuatorHandover.run(live, this);
        live.inbox.pause();
        Handover.run(live, this);
        muted = false;
        live.muted = true;
        payForLastMessages();
    }

    /** It speaks for its app from here on, and pays for what that said last; what it has no room for is forgotten, the newest last. */
    public void payForLastMessages() {
        long missing = services.messages().chargeLast(label.appId(), held);
        if (missing > 0) {
            outOfMemory(missing);
        }
    }
}
