package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;

/** Whom entries are about. */
public record AuditedApp(String appId, String version, String vendor) {
    /** An entry that names this app; the caller adds the event. */
    public AuditEntry.Builder entry() {
        return AuditEntry.newBuilder().setAppId(appId).setVersion(version).setVendor(vendor);
    }
}
