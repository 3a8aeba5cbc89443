package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.GrantDesk;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.policy.DeclaredGrant;

/** What becomes of one line of a manifest under the policy in force, as the audit log declares it. */
final class RequestView {
    private RequestView() {}

    static AuditEntry.Declared.Request of(CapabilityRequest request, GrantDesk desk) {
        DeclaredGrant declared = desk.declared(request.grant());
        AuditEntry.Declared.Request.Builder view = AuditEntry.Declared.Request.newBuilder()
                .setLine(request.grant().text())
                .setReason(request.reason())
                .setRule(declared.rule())
                .setWhy(declared.why());
        declared.effective().forEach(capability -> view.addEffective(capability.toString()));
        return view.build();
    }
}
