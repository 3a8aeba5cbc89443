package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.SignalActuate;

/**
 * One owner's time at one actuator.
 *
 * @param grant the contract at the moment of acquiring; a regrant makes a new tenure
 * @param leaseNanos what a renewal adds
 */
record Tenure(ActuatorClaim claim, SignalActuate grant, int priority, long leaseNanos, long untilNanos) {
    Tenure renewed(long now) {
        return new Tenure(claim, grant, priority, leaseNanos, now + leaseNanos);
    }

    Tenure under(SignalActuate newGrant) {
        int newPriority = Math.min(priority, ActuatorState.highestPriority(newGrant));
        long newLease = Math.min(leaseNanos, ActuatorState.longestLease(newGrant));
        return new Tenure(
                claim, newGrant, newPriority, newLease, Math.min(untilNanos, untilNanos - leaseNanos + newLease));
    }

    Tenure of(ActuatorClaim newClaim, SignalActuate newGrant) {
        return new Tenure(newClaim, newGrant, priority, leaseNanos, untilNanos).under(newGrant);
    }
}
