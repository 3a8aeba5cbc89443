package dev.bulkhead.hal.driver;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.Optional;

/** What a driver may use of the house. Thread-safe. */
public interface DriverContext {
    VehicleClock clock();

    Scheduler scheduler();

    /** Where to publish what the vehicle senses, and the tree with its paths. */
    SignalStore signals();

    /**
     * Makes a bus available to apps under {@link CanBus#name()}; it is closed with the driver.
     *
     * @throws DriverException when a bus of that name is attached already
     */
    void attach(CanBus bus);

    /** A bus that a driver started earlier has attached. */
    Optional<CanBus> bus(String name);

    /**
     * Takes the commands for one actuator. Several drivers may not take the same.
     *
     * @throws DriverException when the leaf is no actuator or another driver has taken it
     */
    void drive(SignalLeaf actuator, ActuatorSink sink);

    /** Says that the driver can no longer work, for the log and health; the driver stays until closed. */
    void failed(String reason);
}
