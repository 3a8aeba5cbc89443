package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import org.jspecify.annotations.Nullable;

/** One subscription as a source of events. It can move to the next version's inbox with what waits in it. */
final class SignalFeed implements EventSource {
    private final SignalReading reading = new SignalReading();
    private final SubscriptionOptions options;
    private volatile EventInbox inbox;
    private volatile int handle;
    private volatile @Nullable SignalSubscription subscription;

    SignalFeed(SubscriptionOptions options, EventInbox inbox, int handle) {
        this.options = options;
        this.inbox = inbox;
        this.handle = handle;
    }

    /** Begins to listen. The feed has its places in the inbox by now. */
    void start(SignalStore store, int signalId) {
        SignalSubscription made = store.subscribe(signalId, options, this::announce);
        subscription = made;
        if (made.waiting() > 0) {
            announce();
        }
    }

    private void announce() {
        inbox.ready(this);
    }

    /** The places the feed takes in an inbox. */
    int depth() {
        return options.mode() == SubscriptionOptions.Mode.LATEST ? 1 : options.depth();
    }

    SubscriptionOptions options() {
        return options;
    }

    /** From now on events go there, those waiting included. The caller has reserved the places. */
    void moveTo(EventInbox nextInbox, int nextHandle) {
        inbox = nextInbox;
        handle = nextHandle;
        if (waiting() > 0) {
            announce();
        }
    }

    @Override
    public void drain(EventWriter writer, int most) {
        SignalSubscription from = subscription;
        for (int i = 0; i < most && from != null && from.poll(reading); i++) {
            if (reading.present()) {
                writer.add(
                        EventKind.SIGNAL_CHANGED,
                        Status.OK.code(),
                        handle,
                        reading.dropped(),
                        0,
                        reading.bits(),
                        reading.timeNanos());
            } else {
                writer.add(EventKind.SIGNAL_UNAVAILABLE, Status.NODEV.code(), handle, reading.dropped(), 0, 0, 0);
            }
        }
    }

    @Override
    public int waiting() {
        SignalSubscription from = subscription;
        return from == null ? 0 : from.waiting();
    }

    @Override
    public long dropped() {
        SignalSubscription from = subscription;
        return from == null ? 0 : from.dropped();
    }

    void close() {
        inbox.forget(this, depth());
        SignalSubscription from = subscription;
        if (from != null) {
            from.close();
        }
    }
}
