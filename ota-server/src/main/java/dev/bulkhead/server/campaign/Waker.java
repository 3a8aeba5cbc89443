package dev.bulkhead.server.campaign;

/** Tells a vehicle that there may be news. Never blocks; a vehicle that misses it asks when it connects. */
@FunctionalInterface
public interface Waker {
    void wake(String vehicleId, String reason);
}
