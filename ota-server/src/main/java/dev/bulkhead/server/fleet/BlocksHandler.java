package dev.bulkhead.server.fleet;

import dev.bulkhead.contract.proto.BlockRequest;
import dev.bulkhead.server.broker.DownlinkKind;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.repository.BlockServer;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** A vehicle asks for blocks of a file: they are sent one by one. */
final class BlocksHandler implements MessageHandler {
    /** A vehicle that has not taken a block by then asks again. */
    private static final Duration BLOCK_EXPIRES = Duration.ofSeconds(60);

    private final BlockServer blocks;
    private final FleetParts parts;
    private final LongAdder sent = new LongAdder();

    BlocksHandler(BlockServer blocks, FleetParts parts) {
        this.blocks = blocks;
        this.parts = parts;
    }

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        BlockRequest request = Parse.message(BlockRequest.parser(), "BlockRequest", payload);
        blocks.answer(vehicle.value(), request, reply -> {
            sent.add(reply.getBlock().getData().size());
            parts.downlink().get().send(vehicle, DownlinkKind.BLOCK, reply.toByteArray(), BLOCK_EXPIRES);
        });
    }

    /** Bytes of blocks sent since the start. */
    long bytesSent() {
        return sent.sum();
    }
}
