package dev.bulkhead.agent.host;

import dev.bulkhead.security.policy.PolicyDecider;

/** The one policy that holds now. Handles notice a new one by its epoch at their next use. Thread-safe. */
public final class PolicyInForce {
    private volatile PolicyDecider decider;
    private volatile long epoch;

    public PolicyInForce(PolicyDecider first) {
        this.decider = first;
        this.epoch = first.epoch();
    }

    public PolicyDecider decider() {
        return decider;
    }

    /** Cheap enough for every call of an app. */
    public long epoch() {
        return epoch;
    }

    /** Puts a new policy in force; one with an epoch that is not higher is refused with false. */
    public synchronized boolean replace(PolicyDecider next) {
        if (next.epoch() <= epoch) {
            return false;
        }
        decider = next;
        epoch = next.epoch();
        return true;
    }
}
