package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditTrail;

/** Writes every attack seen into the vehicle's audit log as something that was not believed. */
public final class AuditTrailWitness implements Witness {
    private final AuditTrail trail;

    public AuditTrailWitness(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public void attackSeen(String kind, String detail) {
        trail.append(AuditEntry.newBuilder()
                .setRefused(AuditEntry.Refused.newBuilder()
                        .setWhat(what(kind))
                        .setName(kind)
                        .setWhy(detail))
                .build());
    }

    private static String what(String kind) {
        return switch (kind) {
            case "block-hash", "foreign-block", "endless-data" -> "block";
            case "signature", "downgrade", "mismatch" -> "package";
            case "malformed" -> "message";
            default -> "metadata";
        };
    }
}
