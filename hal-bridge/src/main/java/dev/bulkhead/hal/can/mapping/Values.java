package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.can.mapping.Transform.Datum;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;

/** Signal values and the data of mappings, one into the other. */
final class Values {
    private Values() {}

    /** The datum as a value of the leaf's type, if it can be one. */
    static Optional<SignalValue> toSignal(Datum datum, Datatype type) {
        return switch (datum) {
            case Datum.Text(String text) ->
                type == Datatype.STRING ? Optional.of(SignalValue.of(text)) : Optional.empty();
            case Datum.Bool(boolean on) -> scalar(on ? 1 : 0, type);
            case Datum.Numeric(double number) -> scalar(number, type);
        };
    }

    private static Optional<SignalValue> scalar(double number, Datatype type) {
        return type.holds(number)
                ? Optional.of(new SignalValue.Scalar(type, type.fromDouble(number)))
                : Optional.empty();
    }

    /** The value as a datum; arrays have none. */
    static Optional<Datum> toDatum(SignalValue value) {
        return switch (value) {
            case SignalValue.Text text -> Optional.of(new Datum.Text(text.text()));
            case SignalValue.Items items -> Optional.empty();
            case SignalValue.Scalar scalar ->
                Optional.of(
                        scalar.type() == Datatype.BOOLEAN
                                ? new Datum.Bool(scalar.bits() != 0)
                                : new Datum.Numeric(scalar.asDouble() + 0.0));
        };
    }
}
