package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.List;

/**
 * What became of one line of a manifest, as the audit log declares it.
 *
 * @param request the line
 * @param effective what ceiling and policy leave of it; denials and guards cut further at the single access; empty:
 *     nothing
 * @param rule the rules that give it, or what took it
 * @param why one sentence
 */
public record DeclaredGrant(CapabilityLine request, List<Capability> effective, String rule, String why) {
    /** Copies the list. */
    public DeclaredGrant {
        effective = List.copyOf(effective);
    }
}
