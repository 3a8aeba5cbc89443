package dev.bulkhead.security.audit.matrix;

import java.util.List;
import java.util.function.Predicate;

/**
 * One app version and one capability, over all vehicles that have it.
 *
 * @param sum all of them together; granted when any vehicle grants it, indexes of entries mean nothing here
 * @param vehicles each by itself: most denied first, then most used, then by name
 */
public record FleetRow(MatrixRow sum, List<VehicleShare> vehicles) {
    /** Copies the list. */
    public FleetRow {
        vehicles = List.copyOf(vehicles);
    }

    /** On how many vehicles it is granted. */
    public long grantedOn() {
        return on(row -> row.declared() == MatrixRow.Declared.GRANTED);
    }

    /** On how many vehicles it was used. */
    public long usedOn() {
        return on(row -> row.used().isPresent());
    }

    /** On how many vehicles it was denied. */
    public long deniedOn() {
        return on(row -> row.denied().isPresent());
    }

    private long on(Predicate<MatrixRow> what) {
        return vehicles.stream().filter(share -> what.test(share.row())).count();
    }
}
