package dev.bulkhead.agent.ota;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.Optional;

/**
 * What the fleet is told of the audit log: its head whenever it has grown, and now and then what changed in its views.
 * Nothing is said before the fleet has told what it holds. Used from the client's strand only.
 */
final class AuditReports {
    /** A page says only what changed; a view that is this old is good enough for people. */
    static final Duration VIEWS_EVERY = Duration.ofMinutes(15);
    /** However often the fleet wakes us and asks. */
    static final Duration VIEWS_SPACING = Duration.ofSeconds(10);

    private static final int PAGES_AT_ONCE = 8;

    private final AuditHead head;
    private final Transport transport;
    private final VehicleClock clock;
    private boolean heard;
    private long sizeKnown;
    private long told;
    private boolean saidViews;
    private long lastViews;
    private boolean viewsWanted;

    AuditReports(AuditHead head, Transport transport, VehicleClock clock) {
        this.head = head;
        this.transport = transport;
        this.clock = clock;
    }

    /** A new line: what was said on the old one may be lost. */
    void connected() {
        heard = false;
    }

    /** The fleet holds the head of {@code size} entries and was told the views up to entry {@code toldUpTo}. */
    void known(long size, long toldUpTo) {
        told = Math.max(0, toldUpTo);
        viewsWanted = true;
        wanted(size);
    }

    /** The fleet holds the head of {@code size} entries and wants the newest. */
    void wanted(long size) {
        heard = true;
        sizeKnown = Math.max(0, size);
        say();
    }

    /** Says what is new. */
    void say() {
        if (!heard) {
            return;
        }
        boolean more = sayOnce();
        for (int page = 1; more && page < PAGES_AT_ONCE; page++) {
            more = sayOnce();
        }
    }

    /** True when there are more pages to be said. */
    private boolean sayOnce() {
        Optional<AuditCheckpoint> newest = head.since(sizeKnown);
        if (newest.isEmpty()) {
            return false;
        }
        boolean views = viewsAreDue(newest.get());
        if (!views && newest.get().getTreeSize() == sizeKnown) {
            return false;
        }
        AuditCheckpoint message = views ? head.summarised(newest.get(), told) : newest.get();
        if (!transport.publish(Up.AUDIT, message.toByteArray())) {
            return false;
        }
        sizeKnown = message.getTreeSize();
        return views && said(message);
    }

    private boolean viewsAreDue(AuditCheckpoint newest) {
        if (newest.getTreeSize() == told) {
            return false;
        }
        Duration pause = viewsWanted ? VIEWS_SPACING : VIEWS_EVERY;
        return !saidViews || clock.nanos() - lastViews >= pause.toNanos();
    }

    private boolean said(AuditCheckpoint message) {
        long end = end(message);
        told = end;
        boolean more = end < message.getTreeSize();
        if (!more) {
            saidViews = true;
            lastViews = clock.nanos();
            viewsWanted = false;
        }
        return more;
    }

    private static long end(AuditCheckpoint message) {
        if (message.getSummary().isEmpty()) {
            return message.getTreeSize();
        }
        try {
            return AuditSummary.parseFrom(message.getSummary()).getTo();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a summary that was just written", e);
        }
    }
}
