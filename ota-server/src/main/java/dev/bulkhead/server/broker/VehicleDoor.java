package dev.bulkhead.server.broker;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Decides whether a vehicle with a good certificate may come in, and sees it come and go. Thread-safe. */
public interface VehicleDoor {
    /**
     * Why the vehicle may not connect (it may have been blocked, its certificate taken back); empty when it may.
     *
     * @param certificate its chain verified by TLS, and naming the vehicle
     */
    Optional<String> objection(VehicleId vehicle, X509Certificate certificate);

    /** A connection of the vehicle stands. */
    void arrived(VehicleId vehicle);

    /** A connection of the vehicle ended; another may stand by now. */
    void left(VehicleId vehicle);
}
