package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CapabilityLine;

/**
 * One rule of a vehicle policy: what the vehicle gives to, or takes from, the apps it names.
 *
 * @param name what denials and the audit log call it; unique in the policy
 * @param apps which apps it is about
 * @param line the capability, or the denial
 * @param ownGrant for raw CAN transmission: the integrator knows that the id carries an actuator and grants it all the
 *     same; holds only for a line that names the id exactly
 * @param origin file and line it stands in, {@code vehicle-policy.toml:12}
 */
public record PolicyRule(String name, AppPattern apps, CapabilityLine line, boolean ownGrant, String origin) {
    /** How the audit log names it. */
    public String label() {
        return "rule \"" + name + "\" (" + origin + ")";
    }
}
