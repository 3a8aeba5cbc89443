package dev.bulkhead.agent.ota;

/**
 * A line to the fleet: small messages up and down, at least once. MQTT on the road, memory in simulation.
 *
 * <p>Thread-safety: all methods may be called from any thread. The listener is called on the transport's own thread and must
 * return at once; {@link OtaClient} hands every call over to its strand.
 */
public interface Transport extends AutoCloseable {
    /** Starts connecting, and keeps reconnecting until closed. Called once. */
    void open(Listener listener);

    /**
     * Queues a message. Delivery is at least once while the connection lasts; nothing is kept across connections, because the
     * client says again what still matters when it is connected again.
     *
     * @return false when there is no connection or the send queue is full: nothing was queued
     */
    boolean publish(Up up, byte[] payload);

    /** Ends the connection cleanly. Idempotent. */
    @Override
    void close();

    /** The client's end of the line. */
    interface Listener {
        void connected();

        /** @param cause in words, for logs and status; never empty */
        void disconnected(String cause);

        /** @param payload not yet looked at: any bytes a peer may send, at most the transport's message bound */
        void received(Dn dn, byte[] payload);
    }
}
