package dev.bulkhead.security.audit;

/**
 * What the views count by: one app version and one way it touched, or tried to touch, one thing.
 *
 * @param access exact capability line, or the resource of a budget
 * @param rule the rule that denied, the status that limited, the action of a budget; empty for plain use
 */
public record Touch(String app, String version, String vendor, Kind kind, String access, String rule) {
    /** How it went. The names are stored. */
    public enum Kind {
        /** Done as asked. */
        USED,
        /** Clamped or refused by a limit of the grant. */
        LIMITED,
        /** Refused by policy. */
        DENIED,
        /** A failsafe was applied to something the app owned. */
        FAILSAFE,
        /** A budget was exceeded. */
        BUDGET
    }
}
