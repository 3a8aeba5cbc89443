package dev.bulkhead.server.broker;

/** Says whether a vehicle with a good certificate may connect at all (it may have been blocked). Thread-safe. */
@FunctionalInterface
public interface VehicleGate {
    /** True when the vehicle may connect. */
    boolean admits(VehicleId vehicle);
}
