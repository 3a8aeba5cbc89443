package dev.bulkhead.hal.signal;

import dev.bulkhead.contract.capability.Literal;
import dev.bulkhead.contract.capability.Readings;
import java.util.Optional;

/** Lets a condition look at the signal store: type, age and staleness included. Thread-safe. */
public final class StoreReadings implements Readings {
    private final SignalStore store;

    public StoreReadings(SignalStore store) {
        this.store = store;
    }

    @Override
    public Optional<Reading> read(String path) {
        return store.cell(path).flatMap(this::read);
    }

    private Optional<Reading> read(SignalCell cell) {
        SignalReading reading = new SignalReading();
        cell.read(reading);
        long now = store.clock().nanos();
        long limit = cell.leaf().ageLimit().toNanos();
        return cell.valueOf(reading)
                .flatMap(StoreReadings::literal)
                .map(value -> new Reading(value, Math.max(0, now - reading.timeNanos()), reading.stale(now, limit)));
    }

    private static Optional<Literal> literal(SignalValue value) {
        return switch (value) {
            case SignalValue.Scalar scalar ->
                Optional.of(
                        scalar.type() == Datatype.BOOLEAN
                                ? new Literal.Bool(scalar.bits() != 0)
                                : new Literal.Numeric(scalar.asDouble()));
            case SignalValue.Text text -> Optional.of(new Literal.Text(text.text()));
            case SignalValue.Items items -> Optional.empty();
        };
    }
}
