package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;

/** Which entries cannot wait for the group commit (audit.md: installs and denials of actuation). */
final class Urgency {
    private Urgency() {}

    static boolean of(AuditEntry entry) {
        return switch (entry.getEventCase()) {
            case INSTALLED, REFUSED, REMOVED, SWAPPED, POLICY_CHANGED, CONFIGURED, DROPPED -> true;
            case DENIED -> entry.getDenied().getAccess().endsWith(" actuate");
            case OPENED, STARTED, STOPPED, DECLARED, ACTUATED, FAILSAFE_APPLIED, BUDGET_EXCEEDED, USED, EVENT_NOT_SET ->
                false;
        };
    }
}
