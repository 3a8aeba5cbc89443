package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.Transaction;

/** Turns a vehicle's desired state into the signed metadata it will believe. */
@FunctionalInterface
public interface DesiredStateSigner {
    /** Signs what the vehicle should run, as the desired table says inside this transaction. */
    void sign(Transaction tx, String vehicleId);
}
