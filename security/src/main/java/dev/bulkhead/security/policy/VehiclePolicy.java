package dev.bulkhead.security.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the vehicle's integrator decided: the ceilings of the vendors and the rules of this vehicle. Immutable.
 *
 * @param name for people
 * @param epoch only ever rises; an open handle compares its own with the current one
 * @param developerMode whether packages that no trust metadata names may be sideloaded
 * @param vendors at most 1,000, each name once
 * @param rules at most 10,000, each name once
 */
public record VehiclePolicy(
        String name, long epoch, boolean developerMode, List<VendorCeiling> vendors, List<PolicyRule> rules) {
    /** Most vendors and rules a policy may have. */
    public static final int MAX_VENDORS = 1000;

    /** Most rules a policy may have. */
    public static final int MAX_RULES = 10_000;

    private static final String DEMO = "demo-vehicle-policy.toml";

    /** Checks the bounds and copies. */
    public VehiclePolicy {
        if (epoch < 1 || vendors.size() > MAX_VENDORS || rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("epoch " + epoch + ", " + vendors.size() + " vendors, " + rules.size()
                    + " rules; the epoch is at least 1");
        }
        vendors = List.copyOf(vendors);
        rules = List.copyOf(rules);
    }

    /**
     * Reads a policy file.
     *
     * @param fileName for messages and for the origin of rules
     * @throws PolicyException naming line, key and what was expected
     */
    public static VehiclePolicy parse(String toml, String fileName) {
        return new PolicyParser(toml, fileName).parse();
    }

    /** The text of the policy that ships for the demo vehicle; a start for one's own. */
    public static String demoToml() {
        try (InputStream in = VehiclePolicy.class.getResourceAsStream(DEMO)) {
            return new String(Objects.requireNonNull(in, DEMO).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar lacks " + DEMO, e);
        }
    }

    /** The policy of the demo vehicle. */
    public static VehiclePolicy demo() {
        return parse(demoToml(), DEMO);
    }

    /** The ceiling of a vendor. */
    public Optional<VendorCeiling> vendor(String vendorName) {
        return vendors.stream().filter(v -> v.vendor().equals(vendorName)).findFirst();
    }
}
