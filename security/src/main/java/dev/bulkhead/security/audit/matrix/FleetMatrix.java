package dev.bulkhead.security.audit.matrix;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The matrix of a fleet: the rows of its vehicles' logs added up, with each vehicle's share beside.
 *
 * @param vehicles how many vehicles' logs are in it
 * @param entries entries in all of those
 * @param apps by app and version
 * @param rows by app, version, then as the first vehicle has them
 */
public record FleetMatrix(int vehicles, long entries, List<AppView> apps, List<FleetRow> rows) {
    /** Copies the lists. */
    public FleetMatrix {
        apps = List.copyOf(apps);
        rows = List.copyOf(rows);
    }

    /** Adds up what the vehicles' logs say, by vehicle id. */
    public static FleetMatrix of(Map<String, AuditMatrix> byVehicle) {
        return new FleetBuilder(byVehicle).build();
    }

    /** The sums alone, as if it were one log. */
    public AuditMatrix merged() {
        String origin = vehicles == 1 ? "1 vehicle" : vehicles + " vehicles";
        return new AuditMatrix(
                origin, entries, apps, rows.stream().map(FleetRow::sum).toList());
    }

    /** Only the rows whose sum meets a condition. */
    public FleetMatrix where(Predicate<MatrixRow> condition) {
        List<FleetRow> kept =
                rows.stream().filter(row -> condition.test(row.sum())).toList();
        return new FleetMatrix(vehicles, entries, apps, kept);
    }

    /** Only the apps that meet a condition, and their rows. */
    public FleetMatrix ofApps(Predicate<AppView> condition) {
        List<AppView> kept = apps.stream().filter(condition).toList();
        return new FleetMatrix(vehicles, entries, kept, rows)
                .where(row -> kept.stream()
                        .anyMatch(app ->
                                app.app().equals(row.app()) && app.version().equals(row.version())));
    }

    /**
     * Only what touches something.
     *
     * @param query as {@link AuditMatrix#whoCanTouch}
     * @throws dev.bulkhead.contract.capability.CapabilityException if it makes no sense
     */
    public FleetMatrix whoCanTouch(String query) {
        return where(TouchQuery.parse(query)::meets);
    }
}
