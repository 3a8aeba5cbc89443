package dev.bulkhead.contract.capability;

/**
 * One line of a request, ceiling or policy: a capability granted, or denied.
 *
 * @param deny whether the line takes away instead of giving; a deny line carries no limits
 * @param text the line as its author wrote it, for people and logs
 */
public record CapabilityLine(boolean deny, Capability capability, String text) {
    /** Reads a line, see {@link CapabilityParser#parse}. */
    public static CapabilityLine parse(String text) {
        return CapabilityParser.parse(text);
    }
}
