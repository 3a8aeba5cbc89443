package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An open CAN bus: its port, and what was decided about the identifiers seen on it. Strand only. */
final class CanResource implements Resource {
    private static final int MOST_IDS = 1_024;

    private final CanBus bus;
    private final int flags;
    private final Remembered<Long, CanGrant> receive;
    private final Remembered<Long, CanGrant> transmit;
    private CanFeed feed;
    private int handle;
    private List<CanFilter> filters = List.of();
    private long epoch;
    private long refused;
    private long received;
    private long sent;

    /** @param held pays for what is remembered of identifiers */
    CanResource(CanBus bus, int flags, CanFeed feed, long epoch, HeldMemory held) {
        this.receive = new Remembered<>(MOST_IDS, HeldMemory.IDENTIFIER, held);
        this.transmit = new Remembered<>(MOST_IDS, HeldMemory.IDENTIFIER, held);
        this.bus = bus;
        this.flags = flags;
        this.feed = feed;
        this.epoch = epoch;
    }

    CanBus bus() {
        return bus;
    }

    boolean receives() {
        return (flags & Layouts.CAN_RECEIVE) != 0;
    }

    boolean transmits() {
        return (flags & Layouts.CAN_TRANSMIT) != 0;
    }

    boolean fd() {
        return (flags & Layouts.CAN_FD) != 0;
    }

    String mode() {
        return (receives() ? "rx" : "") + (receives() && transmits() ? " " : "") + (transmits() ? "tx" : "");
    }

    /** Forgets what was decided under another policy. */
    void inEpoch(long current) {
        if (epoch != current) {
            epoch = current;
            receive.forget();
            transmit.forget();
        }
    }

    @Nullable
    CanGrant known(boolean send, long idWord) {
        return (send ? transmit : receive).find(idWord);
    }

    void learn(boolean send, long idWord, CanGrant grant) {
        (send ? transmit : receive).put(idWord, grant);
    }

    int handle() {
        return handle;
    }

    void handle(int given) {
        handle = given;
    }

    CanFeed feed() {
        return feed;
    }

    List<CanFilter> filters() {
        return filters;
    }

    void filter(List<CanFilter> wanted) {
        filters = wanted;
        CanPort port = feed.port();
        if (port != null) {
            port.filters(wanted);
        }
    }

    void countReceived() {
        received++;
    }

    void countSent() {
        sent++;
    }

    void countRefused() {
        refused++;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    long refused() {
        return refused;
    }

    /** Trades ports with the old version's handle on the same bus, so that the frames waiting there are read here. */
    void inherit(@Nullable CanResource old, EventInbox mine, EventInbox theirs) {
        if (old == null || !old.receives() || !receives()) {
            return;
        }
        CanFeed own = feed;
        feed = old.feed;
        old.feed = own;
        feed.moveTo(mine, handle);
        own.moveTo(theirs, old.handle);
        filter(filters);
        old.filter(old.filters);
    }

    @Override
    public String subject() {
        return bus.name();
    }

    @Override
    public long heldBytes() {
        return HeldMemory.HANDLE + (receives() ? HeldMemory.FRAME * CanFeed.DEPTH : 0);
    }

    @Override
    public long uses() {
        return received + sent;
    }

    @Override
    public void close() {
        receive.forget();
        transmit.forget();
        feed.close();
    }
}
