package dev.bulkhead.server.broker;

import java.util.concurrent.CompletionStage;

/**
 * Takes what vehicles say.
 *
 * <p>The stage completes when the message is dealt with for good (stored, answered or recorded as nonsense); only then is
 * it acknowledged to the vehicle, which otherwise sends it again. So a handler must be idempotent. Called from several
 * threads; must not block.
 */
@FunctionalInterface
public interface UplinkHandler {
    /** Completes with {@link Receipt#DONE}, or with the reason the vehicle should hear. */
    CompletionStage<Receipt> receive(UplinkMessage message);

    /** How the message was taken. */
    enum Receipt {
        /** Dealt with. */
        DONE,
        /** The payload is not what the topic promises; sending it again is of no use. */
        MALFORMED,
        /** Too much at once; send it again later. */
        BUSY,
        /** Something on the server's side failed; send it again later. */
        FAILED
    }
}
