package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.List;

/** Decides for all apps under one policy. Immutable and thread-safe; a new policy makes a new decider. */
public final class PolicyDecider {
    private final VehiclePolicy policy;
    private final ActuatorFrames frames;

    /** Under a policy, in a vehicle whose actuators are on these frames. */
    public PolicyDecider(VehiclePolicy policy, ActuatorFrames frames) {
        this.policy = policy;
        this.frames = frames;
    }

    /** The policy decided by. */
    public VehiclePolicy policy() {
        return policy;
    }

    /** The epoch of the policy; a handle decided under another one has to be decided again. */
    public long epoch() {
        return policy.epoch();
    }

    /** Everything about one app version, prepared for many decisions. */
    public AppGrants grants(AppIdentity app, List<CapabilityLine> manifestLines) {
        return new AppGrants(policy, frames, app, manifestLines);
    }

    /** One decision. */
    public Decision decide(AppIdentity app, List<CapabilityLine> manifestLines, AccessRequest request) {
        return grants(app, manifestLines).decide(request);
    }
}
