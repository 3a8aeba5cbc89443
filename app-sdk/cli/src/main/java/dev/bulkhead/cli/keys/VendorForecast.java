package dev.bulkhead.cli.keys;

import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.server.web.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What another key of a vendor, or none, would mean to the fleet.
 *
 * @param vehicles looked at
 * @param leftBehind what each vehicle would go without; vehicles without anything of the vendor are left out
 */
record VendorForecast(String vendor, int vehicles, Map<String, List<String>> leftBehind) {
    /** After a rotation nothing of the vendor is newly installed until it has published with its next key. */
    static VendorForecast ofRotation(VendorIdentity vendor, List<Views.Vehicle> fleet) {
        Map<String, List<String>> leftBehind = new TreeMap<>();
        for (Views.Vehicle vehicle : fleet) {
            List<String> waiting = waiting(vendor, vehicle);
            if (!waiting.isEmpty()) {
                leftBehind.put(
                        vehicle.id(),
                        waiting.stream()
                                .map(app -> "waits for " + app + " until the vendor publishes with its next key")
                                .toList());
            }
        }
        return new VendorForecast(vendor.vendor(), fleet.size(), leftBehind);
    }

    /** After a revocation what runs goes on running, and nothing of the vendor is installed any more. */
    static VendorForecast ofRevocation(VendorIdentity vendor, List<Views.Vehicle> fleet) {
        Map<String, List<String>> leftBehind = new TreeMap<>();
        for (Views.Vehicle vehicle : fleet) {
            List<String> lines = new ArrayList<>();
            for (Views.Installed app : vehicle.installed()) {
                if (vendor.owns(app.appId())) {
                    lines.add("keeps " + app.appId() + " " + app.version() + " and gets no update of it");
                }
            }
            waiting(vendor, vehicle).forEach(app -> lines.add("does not get " + app));
            if (!lines.isEmpty()) {
                leftBehind.put(vehicle.id(), List.copyOf(lines));
            }
        }
        return new VendorForecast(vendor.vendor(), fleet.size(), leftBehind);
    }

    /** Apps of the vendor that a vehicle should run and does not have yet. */
    private static List<String> waiting(VendorIdentity vendor, Views.Vehicle vehicle) {
        return vehicle.desired().stream()
                .filter(desired -> vendor.owns(desired.appId()))
                .filter(desired -> vehicle.installed().stream()
                        .noneMatch(app -> app.appId().equals(desired.appId())
                                && app.version().equals(desired.version())))
                .map(desired -> desired.appId() + " " + desired.version())
                .toList();
    }
}
