package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.UplinkHandler;
import dev.bulkhead.server.broker.UplinkKind;
import dev.bulkhead.server.broker.UplinkMessage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each message to its handler, off the broker's threads and within bounds. Nonsense is recorded and counted; a
 * handler that fails costs its vehicle one message, which comes again. Thread-safe.
 */
public final class UplinkRouter implements UplinkHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UplinkRouter.class);
    private static final int LANES = 4;
    private static final int LANE_DEPTH = 512;

    private final Map<UplinkKind, MessageHandler> handlers;
    private final IncidentLog incidents;
    private final UplinkLanes lanes = new UplinkLanes(LANES, LANE_DEPTH);
    private final Map<UplinkKind, LongAdder> counts = new EnumMap<>(UplinkKind.class);

    /** @param handlers one for each kind */
    public UplinkRouter(Map<UplinkKind, MessageHandler> handlers, IncidentLog incidents) {
        this.handlers = new EnumMap<>(handlers);
        this.incidents = incidents;
        for (UplinkKind kind : UplinkKind.values()) {
            if (!handlers.containsKey(kind)) {
                throw new IllegalArgumentException("no handler for " + kind);
            }
            counts.put(kind, new LongAdder());
        }
    }

    @Override
    public CompletionStage<Receipt> receive(UplinkMessage message) {
        counts.getOrDefault(message.kind(), new LongAdder()).increment();
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        boolean taken = lanes.offer(message.vehicle(), () -> receipt.complete(handle(message)));
        if (!taken) {
            incidents.record(message.vehicle().value(), "overload", "no room for " + word(message.kind()));
            receipt.complete(Receipt.BUSY);
        }
        return receipt;
    }

    private Receipt handle(UplinkMessage message) {
        try {
            handlerOf(message.kind()).handle(message.vehicle(), message.payload());
            return Receipt.DONE;
        } catch (MalformedMessageException e) {
            incidents.record(
                    message.vehicle().value(),
                    "malformed-" + word(message.kind()),
                    message.payload().length + " bytes: " + e.getMessage());
            return Receipt.MALFORMED;
        } catch (RuntimeException e) {
            LOG.error("{} of {} could not be dealt with", word(message.kind()), message.vehicle(), e);
            return Receipt.FAILED;
        }
    }

    private MessageHandler handlerOf(UplinkKind kind) {
        MessageHandler handler = handlers.get(kind);
        if (handler == null) {
            throw new IllegalStateException("no handler for " + kind);
        }
        return handler;
    }

    /** How many messages of each kind came since the start. */
    public Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((kind, count) -> copy.put(word(kind), count.sum()));
        return copy;
    }

    private static String word(UplinkKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        lanes.close();
    }
}
