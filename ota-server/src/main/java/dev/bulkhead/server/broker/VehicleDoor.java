package dev.bulkhead.server.broker;

import java.security.cert.X509Certificate;

/** Decides whether a vehicle with a good certificate may come in, and sees it come and go. Thread-safe. */
public interface VehicleDoor {
    /**
     * Whether the vehicle may connect (it may have been blocked).
     *
     * @param certificate verified, and naming the vehicle
     */
    boolean admits(VehicleId vehicle, X509Certificate certificate);

    /** A connection of the vehicle stands. */
    void arrived(VehicleId vehicle);

    /** A connection of the vehicle ended; another may stand by now. */
    void left(VehicleId vehicle);
}
