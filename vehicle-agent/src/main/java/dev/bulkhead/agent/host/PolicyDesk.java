package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.AppGrants;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.Decision;
import dev.bulkhead.security.policy.DeclaredGrant;
import dev.bulkhead.security.policy.PolicyDecider;
import java.util.List;

/** The grant desk of one app under whatever policy is in force. */
public final class PolicyDesk implements GrantDesk {
    private final PolicyInForce policy;
    private final AppIdentity app;
    private final List<CapabilityLine> lines;
    private volatile AppGrants grants;

    public PolicyDesk(PolicyInForce policy, AppIdentity app, List<CapabilityLine> manifestLines) {
        this.policy = policy;
        this.app = app;
        this.lines = List.copyOf(manifestLines);
        this.grants = policy.decider().grants(app, lines);
    }

    @Override
    public long epoch() {
        return policy.epoch();
    }

    @Override
    public Decision decide(AccessRequest request) {
        return inForce().decide(request);
    }

    @Override
    public DeclaredGrant declared(CapabilityLine line) {
        return inForce().declared(line);
    }

    private AppGrants inForce() {
        AppGrants known = grants;
        PolicyDecider decider = policy.decider();
        if (known.epoch() != decider.epoch()) {
            known = decider.grants(app, lines);
            grants = known;
        }
        return known;
    }

    @Override
    public List<Capability> requested() {
        return lines.stream()
                .filter(line -> !line.deny())
                .map(CapabilityLine::capability)
                .toList();
    }
}
