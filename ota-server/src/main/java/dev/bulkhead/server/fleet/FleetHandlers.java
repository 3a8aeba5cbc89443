package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.UplinkKind;
import dev.bulkhead.server.repository.BlockServer;
import dev.bulkhead.server.repository.MetadataBundles;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The handlers of all kinds of messages.
 *
 * @param byKind one for each kind
 * @param blockBytesSent bytes of blocks sent since the start
 */
public record FleetHandlers(Map<UplinkKind, MessageHandler> byKind, LongSupplier blockBytesSent) {
    public FleetHandlers {
        byKind = Map.copyOf(byKind);
    }

    /** Puts them together. */
    public static FleetHandlers of(FleetParts parts, MetadataBundles bundles, BlockServer blocks, SecureRandom random) {
        BlocksHandler blocksHandler = new BlocksHandler(blocks, parts);
        return new FleetHandlers(
                Map.of(
                        UplinkKind.HELLO, new HelloHandler(parts, bundles, random),
                        UplinkKind.MANIFEST, new ManifestHandler(parts),
                        UplinkKind.BLOCKS, blocksHandler,
                        UplinkKind.PROGRESS, new ProgressHandler(parts),
                        UplinkKind.AUDIT, new AuditHandler(parts),
                        UplinkKind.HEALTH, new HealthHandler(parts)),
                blocksHandler::bytesSent);
    }
}
