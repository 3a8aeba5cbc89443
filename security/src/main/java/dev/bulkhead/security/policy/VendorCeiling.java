package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.List;

/**
 * What a vendor's apps may have at most, whatever they ask for and whatever a rule says.
 *
 * @param vendor the name in the vendor's certificate
 * @param prefix app ids the vendor owns, {@code com.polar}; the app id itself or ids below it
 * @param lines capabilities and denials
 * @param origin file and line it stands in
 */
public record VendorCeiling(String vendor, String prefix, List<CapabilityLine> lines, String origin) {
    /** Copies the list. */
    public VendorCeiling {
        lines = List.copyOf(lines);
    }

    /** How the audit log names it. */
    public String label() {
        return "ceiling of vendor " + vendor + " (" + origin + ")";
    }

    /** Whether the app id belongs to the vendor. */
    public boolean owns(String appId) {
        return appId.equals(prefix) || appId.startsWith(prefix + ".");
    }
}
