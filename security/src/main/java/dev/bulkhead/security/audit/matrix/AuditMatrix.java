package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.TouchTable;
import java.util.Comparator;
import java.util.List;

/**
 * Who can touch, did touch and tried to touch what (audit.md).
 *
 * @param origin whose log; several, divided by commas, for a fleet
 * @param size entries behind it
 * @param apps by app and version
 * @param rows by app, version, then as the manifest orders its lines; what it does not ask for comes last
 */
public record AuditMatrix(String origin, long size, List<AppView> apps, List<MatrixRow> rows) {
    /** Copies the lists. */
    public AuditMatrix {
        apps = List.copyOf(apps);
        rows = List.copyOf(rows);
    }

    /** Reconciles a table. */
    public static AuditMatrix of(TouchTable table) {
        return new MatrixBuilder(table).build();
    }

    /** Granted and never used: what a manifest could do without. */
    public List<MatrixRow> overPrivileged() {
        return rows.stream().filter(MatrixRow::isOverPrivileged).toList();
    }

    /** App versions whose modules import what no requested capability explains. */
    public List<AppView> undeclaredImports() {
        return apps.stream().filter(app -> !app.undeclaredImports().isEmpty()).toList();
    }

    /** Rows that come close to, or ran into, a limit of their grant. */
    public List<MatrixRow> nearLimit() {
        return rows.stream().filter(row -> row.nearLimit().isPresent()).toList();
    }

    /** Rows with denials, most first. */
    public List<MatrixRow> mostDenied(int most) {
        return rows.stream()
                .filter(row -> row.denied().isPresent())
                .sorted(Comparator.comparingLong((MatrixRow row) ->
                                row.denied().map(Tally::count).orElse(0L))
                        .reversed())
                .limit(most)
                .toList();
    }

    /**
     * Rows whose grant, use or denials meet what the query names.
     *
     * @param query a VSS path or glob ({@code Vehicle.Chassis.Brake.**}), or a capability line without limits
     *     ({@code can can0 tx 1A8}); a bare path asks for reading and actuating
     * @throws dev.bulkhead.contract.capability.CapabilityException if it is neither
     */
    public List<MatrixRow> whoCanTouch(String query) {
        TouchQuery asked = TouchQuery.parse(query);
        return rows.stream().filter(asked::meets).toList();
    }

    /** What was touched or tried though no line of the manifest asks for it. */
    public List<MatrixRow> notRequested() {
        return rows.stream()
                .filter(row -> row.declared() == MatrixRow.Declared.NOT_REQUESTED)
                .toList();
    }

    /** Only the rows and apps of one app id. */
    public AuditMatrix ofApp(String appId) {
        return new AuditMatrix(
                origin,
                size,
                apps.stream().filter(app -> app.app().equals(appId)).toList(),
                rows.stream().filter(row -> row.app().equals(appId)).toList());
    }

    /** Only the rows and apps of one vendor. */
    public AuditMatrix ofVendor(String vendor) {
        return new AuditMatrix(
                origin,
                size,
                apps.stream().filter(app -> app.vendor().equals(vendor)).toList(),
                rows.stream().filter(row -> row.vendor().equals(vendor)).toList());
    }
}
