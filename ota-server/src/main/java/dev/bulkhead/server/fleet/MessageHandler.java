package dev.bulkhead.server.fleet;

import dev.bulkhead.server.broker.VehicleId;

/** Deals with one kind of message. Idempotent; called from several threads, for one vehicle from one at a time. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Deals with a message for good.
     *
     * @throws MalformedMessageException when the payload is not what the topic promises
     */
    void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException;
}
