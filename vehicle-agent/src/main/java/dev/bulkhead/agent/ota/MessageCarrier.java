package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.BlockRequest;
import java.util.BitSet;
import java.util.HexFormat;

/** Blocks as messages: a {@code BlockRequest} up, a {@code Block} each down (ota.md, Transport). */
final class MessageCarrier implements Carrier {
    /** The most blocks one request may span; a wider wish is cut, the rest is asked for later. */
    static final int MOST_SPAN = 64;

    private final Transport transport;

    MessageCarrier(Transport transport) {
        this.transport = transport;
    }

    @Override
    public boolean ask(String sha256, int blockSize, BitSet wanted) {
        int first = wanted.nextSetBit(0);
        int span = Math.min(wanted.length() - first, MOST_SPAN);
        BlockRequest.Builder request = BlockRequest.newBuilder()
                .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(sha256)))
                .setBlockSize(blockSize)
                .setFirst(first)
                .setCount(span);
        BitSet relative = wanted.get(first, first + span);
        if (relative.cardinality() < span) {
            request.setBitmap(ByteString.copyFrom(relative.toByteArray()));
        }
        return transport.publish(Up.BLOCKS, request.build().toByteArray());
    }
}
