package dev.bulkhead.agent.main;

import dev.bulkhead.agent.ota.Witness;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditTrail;

/** Writes what the OTA client refused into the audit log. */
final class RefusalWitness implements Witness {
    private final AuditTrail trail;

    RefusalWitness(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public void attackSeen(String kind, String detail) {
        AuditEntry.Builder entry = AuditEntry.newBuilder();
        entry.getRefusedBuilder().setWhat("update").setName(kind).setWhy(detail);
        trail.append(entry.build());
    }
}
