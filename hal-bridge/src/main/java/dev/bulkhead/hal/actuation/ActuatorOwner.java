package dev.bulkhead.hal.actuation;

/**
 * Who may own an actuator.
 *
 * @param app app id, or another name the audit log knows, such as {@code databroker:client}
 * @param instance tells two running instances of one app apart, as during a hot swap
 */
public record ActuatorOwner(String app, long instance) {
    @Override
    public String toString() {
        return app + "#" + instance;
    }
}
