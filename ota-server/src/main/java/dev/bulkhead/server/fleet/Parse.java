package dev.bulkhead.server.fleet;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/** Bytes of a vehicle to messages. */
final class Parse {
    private Parse() {}

    /** The message, or a complaint that names its type. */
    static <T extends Message> T message(Parser<T> parser, String type, byte[] payload)
            throws MalformedMessageException {
        try {
            return parser.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a " + type + ": " + e.getMessage(), e);
        }
    }

    /** Demands that something holds of what was parsed. */
    static void require(boolean holds, String complaint) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException(complaint);
        }
    }
}
