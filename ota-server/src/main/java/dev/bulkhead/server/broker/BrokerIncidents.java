package dev.bulkhead.server.broker;

import java.util.Optional;

/** Hears what the broker refused. Called from broker threads; must not block for long. Thread-safe. */
@FunctionalInterface
public interface BrokerIncidents {
    /** Records one refusal. The vehicle is empty when the peer could not prove who it is. */
    void refused(Refusal refusal);

    /**
     * One refusal.
     *
     * @param vehicle who tried, as proved by its certificate
     * @param cause a short fixed word, for counting: {@code connect}, {@code publish}, {@code subscribe}, {@code tls}
     * @param detail a sentence for people
     */
    record Refusal(Optional<VehicleId> vehicle, String cause, String detail) {}
}
