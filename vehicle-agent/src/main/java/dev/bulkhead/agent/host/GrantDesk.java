package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import dev.bulkhead.security.policy.DeclaredGrant;
import java.util.List;

/**
 * Decides for one app what it may touch. Answers hold until {@link #epoch()} changes, so asking is for when a handle is opened, not for
 * every call. Thread-safe.
 */
public interface GrantDesk {
    /** Rises whenever the policy changes. Cheap. */
    long epoch();

    Decision decide(AccessRequest request);

    /** What the policy in force leaves of one line of the manifest. */
    DeclaredGrant declared(CapabilityLine line);

    /** What the manifest asks for and does not deny itself. */
    List<Capability> requested();
}
