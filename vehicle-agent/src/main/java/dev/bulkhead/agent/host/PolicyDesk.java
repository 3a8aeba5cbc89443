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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The grant desk of one release under whatever policy is in force. What it allowed it remembers for as long as that policy is, so a desk
 * that is kept from start to start decides nothing twice. Thread-safe.
 */
public final class PolicyDesk implements GrantDesk {
    /** Denials are not remembered, and are decided anew each time: a hostile app gets no memory for what it may not have. */
    private static final int MOST_REMEMBERED = 64;

    private final PolicyInForce policy;
    private final AppIdentity app;
    private final List<CapabilityLine> lines;
    private final List<Capability> requested;
    private volatile Grants inForce;

    private record Grants(AppGrants grants, Map<AccessRequest, Decision> allowed) {}

    public PolicyDesk(PolicyInForce policy, AppIdentity app, List<CapabilityLine> manifestLines) {
        this.policy = policy;
        this.app = app;
        this.lines = List.copyOf(manifestLines);
        this.requested = lines.stream()
                .filter(line -> !line.deny())
                .map(CapabilityLine::capability)
                .toList();
        this.inForce = grants(policy.decider());
    }

    private Grants grants(PolicyDecider decider) {
        return new Grants(decider.grants(app, lines), new ConcurrentHashMap<>());
    }

    @Override
    public long epoch() {
        return policy.epoch();
    }

    @Override
    public Decision decide(AccessRequest request) {
        Grants now = inForce();
        Decision known = now.allowed().get(request);
        if (known != null) {
            return known;
        }
        Decision decided = now.grants().decide(request);
        if (decided instanceof Decision.Allow && now.allowed().size() < MOST_REMEMBERED) {
            now.allowed().put(request, decided);
        }
        return decided;
    }

    @Override
    public DeclaredGrant declared(CapabilityLine line) {
        return inForce().grants().declared(line);
    }

    private Grants inForce() {
        Grants known = inForce;
        PolicyDecider decider = policy.decider();
        if (known.grants().epoch() != decider.epoch()) {
            known = grants(decider);
            inForce = known;
        }
        return known;
    }

    @Override
    public List<Capability> requested() {
        return requested;
    }
}
