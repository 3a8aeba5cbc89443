package dev.bulkhead.security.policy;

/**
 * Which CAN ids carry a signal that has an actuation contract, as the vehicle's DBC and mapping say. Sending such a
 * frame raw would go round the contract. Thread-safe.
 */
@FunctionalInterface
public interface ActuatorFrames {
    /** Whether a frame with this id on this bus sets an actuator. */
    boolean carryActuator(String bus, int id, boolean extended);

    /** A vehicle whose buses carry no actuators. */
    static ActuatorFrames none() {
        return (bus, id, extended) -> false;
    }
}
