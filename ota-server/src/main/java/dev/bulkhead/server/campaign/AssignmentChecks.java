package dev.bulkhead.server.campaign;

import dev.bulkhead.server.campaign.AssignmentOutcome.Reason;
import dev.bulkhead.server.campaign.AssignmentOutcome.Refused;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.InstalledRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What speaks against an order. */
final class AssignmentChecks {
    private AssignmentChecks() {}

    static Optional<Refused> objection(Transaction tx, ReleaseRow release, List<String> vehicles, Set<String> active) {
        for (String vehicle : vehicles) {
            if (!active.contains(vehicle)) {
                return Optional.of(new Refused(
                        Reason.UNKNOWN_VEHICLE,
                        "vehicle " + vehicle + " has never connected to this fleet or is blocked"));
            }
            long highest = highestCounter(tx, release.appId(), vehicle);
            if (highest > release.counter()) {
                return Optional.of(new Refused(
                        Reason.DOWNGRADE,
                        "vehicle " + vehicle + " has or should have release " + highest + " of " + release.appId()
                                + "; version " + release.version() + " is release " + release.counter()
                                + ", and a release never goes back"));
            }
        }
        return Optional.empty();
    }

    static long highestCounter(Transaction tx, String appId, String vehicle) {
        long installed = tx.vehicles().installed(vehicle).stream()
                .filter(row -> row.appId().equals(appId))
                .mapToLong(InstalledRow::counter)
                .max()
                .orElse(0);
        long desired = tx.assignments().desired(vehicle).stream()
                .filter(row -> row.appId().equals(appId))
                .map(DesiredRow::version)
                .flatMap(version -> tx.releases().find(appId, version).stream())
                .mapToLong(ReleaseRow::counter)
                .max()
                .orElse(0);
        return Math.max(installed, desired);
    }
}
