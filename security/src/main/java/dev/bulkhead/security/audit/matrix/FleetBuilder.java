package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Adds up the matrices of vehicles. One use. */
final class FleetBuilder {
    private static final Comparator<VehicleShare> WORST_FIRST = Comparator.comparingLong(
                    (VehicleShare share) -> count(share.row().denied()))
            .thenComparingLong(share -> count(share.row().used()))
            .reversed()
            .thenComparing(VehicleShare::vehicle);

    private record AppKey(String app, String version) implements Comparable<AppKey> {
        @Override
        public int compareTo(AppKey other) {
            int byApp = app.compareTo(other.app);
            return byApp == 0 ? version.compareTo(other.version) : byApp;
        }
    }

    private record Way(Touch.Kind kind, String access, String rule) {}

    private final Map<String, AuditMatrix> byVehicle;
    private final Map<AppKey, AppView> apps = new TreeMap<>();
    private final Map<AppKey, Map<String, List<VehicleShare>>> shares = new TreeMap<>();

    FleetBuilder(Map<String, AuditMatrix> byVehicle) {
        this.byVehicle = byVehicle;
    }

    FleetMatrix build() {
        long entries = 0;
        for (Map.Entry<String, AuditMatrix> vehicle : byVehicle.entrySet()) {
            AuditMatrix matrix = vehicle.getValue();
            entries += matrix.size();
            matrix.apps().forEach(app -> apps.merge(new AppKey(app.app(), app.version()), app, FleetBuilder::sum));
            for (MatrixRow row : matrix.rows()) {
                shares.computeIfAbsent(new AppKey(row.app(), row.version()), key -> new LinkedHashMap<>())
                        .computeIfAbsent(row.capability(), line -> new ArrayList<>())
                        .add(new VehicleShare(vehicle.getKey(), row));
            }
        }
        List<FleetRow> rows = new ArrayList<>();
        shares.values().forEach(lines -> lines.values().forEach(line -> rows.add(row(line))));
        return new FleetMatrix(byVehicle.size(), entries, List.copyOf(apps.values()), rows);
    }

    private static FleetRow row(List<VehicleShare> vehicles) {
        List<MatrixRow> rows = vehicles.stream().map(VehicleShare::row).toList();
        // a vehicle that grants it says more of it than one that refuses it
        MatrixRow first =
                rows.stream().min(Comparator.comparing(MatrixRow::declared)).orElseThrow();
        Set<String> effective = new LinkedHashSet<>();
        rows.forEach(row -> effective.addAll(row.effective()));
        MatrixRow sum = new MatrixRow(
                first.app(),
                first.version(),
                first.vendor(),
                first.capability(),
                first.declared(),
                first.reason(),
                List.copyOf(effective),
                first.rule(),
                first.why(),
                touches(rows.stream().flatMap(row -> row.touches().stream()).toList()),
                rows.stream().flatMap(row -> row.nearLimit().stream()).findFirst());
        vehicles.sort(WORST_FIRST);
        return new FleetRow(sum, vehicles);
    }

    private static List<MatrixTouch> touches(List<MatrixTouch> all) {
        Map<Way, Tally> sums = new LinkedHashMap<>();
        all.forEach(
                touch -> sums.merge(new Way(touch.kind(), touch.access(), touch.rule()), touch.tally(), Tally::plus));
        List<MatrixTouch> touches = new ArrayList<>();
        sums.forEach((way, tally) -> touches.add(new MatrixTouch(way.kind(), way.access(), way.rule(), tally)));
        return touches;
    }

    private static AppView sum(AppView one, AppView other) {
        AppView newest = one.declaredAtMillis() >= other.declaredAtMillis() ? one : other;
        Set<String> imports = new LinkedHashSet<>(one.imports());
        imports.addAll(other.imports());
        Set<String> undeclared = new LinkedHashSet<>(one.undeclaredImports());
        undeclared.addAll(other.undeclaredImports());
        List<MatrixTouch> budgets = new ArrayList<>(one.budgets());
        budgets.addAll(other.budgets());
        return new AppView(
                newest.app(),
                newest.version(),
                newest.vendor(),
                newest.declaredAtMillis(),
                newest.policyEpoch(),
                List.copyOf(imports),
                List.copyOf(undeclared),
                touches(budgets));
    }

    private static long count(Optional<Tally> tally) {
        return tally.map(Tally::count).orElse(0L);
    }
}
