package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v2.BoolArray;
import dev.bulkhead.hal.databroker.proto.v2.DoubleArray;
import dev.bulkhead.hal.databroker.proto.v2.FloatArray;
import dev.bulkhead.hal.databroker.proto.v2.Int32Array;
import dev.bulkhead.hal.databroker.proto.v2.Int64Array;
import dev.bulkhead.hal.databroker.proto.v2.StringArray;
import dev.bulkhead.hal.databroker.proto.v2.Uint32Array;
import dev.bulkhead.hal.databroker.proto.v2.Uint64Array;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Values on the wire and in the store. The wire type must be the one the leaf's datatype travels as. */
public final class ProtoValues {
    private ProtoValues() {}

    /** The number of a datatype, the same in both versions of the API. */
    public static int dataType(Datatype type) {
        int element = switch (type.element()) {
            case STRING -> 1;
            case BOOLEAN -> 2;
            case INT8 -> 3;
            case INT16 -> 4;
            case INT32 -> 5;
            case INT64 -> 6;
            case UINT8 -> 7;
            case UINT16 -> 8;
            case UINT32 -> 9;
            case UINT64 -> 10;
            case FLOAT -> 11;
            case DOUBLE -> 12;
            case BOOLEAN_ARRAY,
                    INT8_ARRAY,
                    UINT8_ARRAY,
                    INT16_ARRAY,
                    UINT16_ARRAY,
                    INT32_ARRAY,
                    UINT32_ARRAY,
                    INT64_ARRAY,
                    UINT64_ARRAY,
                    FLOAT_ARRAY,
                    DOUBLE_ARRAY,
                    STRING_ARRAY -> 0;
        };
        return type.isArray() ? element + 19 : element;
    }

    /** The value for the wire. */
    public static Value toProto(SignalValue value) {
        return switch (value) {
            case SignalValue.Scalar scalar -> scalar(scalar.type(), scalar.bits());
            case SignalValue.Text text ->
                Value.newBuilder().setString(text.text()).build();
            case SignalValue.Items items -> array(items);
        };
    }

    /** A scalar for the wire. */
    static Value scalar(Datatype type, long bits) {
        Value.Builder value = Value.newBuilder();
        switch (type) {
            case BOOLEAN -> value.setBool(bits != 0);
            case INT8, INT16, INT32 -> value.setInt32((int) bits);
            case INT64 -> value.setInt64(bits);
            case UINT8, UINT16, UINT32 -> value.setUint32((int) bits);
            case UINT64 -> value.setUint64(bits);
            case FLOAT -> value.setFloat((float) Double.longBitsToDouble(bits));
            case DOUBLE -> value.setDouble(Double.longBitsToDouble(bits));
            case STRING,
                    BOOLEAN_ARRAY,
                    INT8_ARRAY,
                    UINT8_ARRAY,
                    INT16_ARRAY,
                    UINT16_ARRAY,
                    INT32_ARRAY,
                    UINT32_ARRAY,
                    INT64_ARRAY,
                    UINT64_ARRAY,
                    FLOAT_ARRAY,
                    DOUBLE_ARRAY,
                    STRING_ARRAY -> throw new IllegalArgumentException(type + " is no scalar");
        }
        return value.build();
    }

    private static long bits(SignalValue value) {
        return ((SignalValue.Scalar) value).bits();
    }

    private static Value array(SignalValue.Items array) {
        List<SignalValue> items = array.items();
        Value.Builder value = Value.newBuilder();
        switch (array.type().element()) {
            case BOOLEAN -> value.setBoolArray(BoolArray.newBuilder().addAllValues(map(items, i -> bits(i) != 0)));
            case INT8, INT16, INT32 ->
                value.setInt32Array(Int32Array.newBuilder().addAllValues(map(items, i -> (int) bits(i))));
            case INT64 -> value.setInt64Array(Int64Array.newBuilder().addAllValues(map(items, ProtoValues::bits)));
            case UINT8, UINT16, UINT32 ->
                value.setUint32Array(Uint32Array.newBuilder().addAllValues(map(items, i -> (int) bits(i))));
            case UINT64 -> value.setUint64Array(Uint64Array.newBuilder().addAllValues(map(items, ProtoValues::bits)));
            case FLOAT ->
                value.setFloatArray(FloatArray.newBuilder()
                        .addAllValues(map(items, i -> (float) Double.longBitsToDouble(bits(i)))));
            case DOUBLE ->
                value.setDoubleArray(
                        DoubleArray.newBuilder().addAllValues(map(items, i -> Double.longBitsToDouble(bits(i)))));
            case STRING ->
                value.setStringArray(StringArray.newBuilder().addAllValues(map(items, SignalValue::toString)));
            case BOOLEAN_ARRAY,
                    INT8_ARRAY,
                    UINT8_ARRAY,
                    INT16_ARRAY,
                    UINT16_ARRAY,
                    INT32_ARRAY,
                    UINT32_ARRAY,
                    INT64_ARRAY,
                    UINT64_ARRAY,
                    FLOAT_ARRAY,
                    DOUBLE_ARRAY,
                    STRING_ARRAY -> throw new IllegalArgumentException("arrays do not nest");
        }
        return value.build();
    }

    private static <T> List<T> map(List<SignalValue> items, Function<SignalValue, T> as) {
        return items.stream().map(as).toList();
    }

    /** The value as one of {@code type}; empty when the wire type or the range is another's. */
    public static Optional<SignalValue> fromProto(Value value, Datatype type) {
        Datatype element = type.element();
        return switch (value.getTypedValueCase()) {
            case STRING -> text(value.getString(), type);
            case BOOL -> type == Datatype.BOOLEAN ? whole(value.getBool() ? 1 : 0, type) : Optional.empty();
            case INT32 -> isSigned32(type) ? whole(value.getInt32(), type) : Optional.empty();
            case INT64 -> type == Datatype.INT64 ? whole(value.getInt64(), type) : Optional.empty();
            case UINT32 ->
                isUnsigned32(type) ? whole(Integer.toUnsignedLong(value.getUint32()), type) : Optional.empty();
            case UINT64 -> type == Datatype.UINT64 ? carried(value.getUint64(), type) : Optional.empty();
            case FLOAT -> type == Datatype.FLOAT ? real(value.getFloat(), type) : Optional.empty();
            case DOUBLE -> type == Datatype.DOUBLE ? real(value.getDouble(), type) : Optional.empty();
            case STRING_ARRAY -> items(value.getStringArray().getValuesList(), type, i -> text(i, element));
            case BOOL_ARRAY ->
                items(value.getBoolArray().getValuesList(), type, i -> isIt(element, Datatype.BOOLEAN, i ? 1 : 0));
            case INT32_ARRAY ->
                items(
                        value.getInt32Array().getValuesList(),
                        type,
                        i -> isSigned32(element) ? whole(i, element) : Optional.empty());
            case INT64_ARRAY ->
                items(value.getInt64Array().getValuesList(), type, i -> isIt(element, Datatype.INT64, i));
            case UINT32_ARRAY ->
                items(
                        value.getUint32Array().getValuesList(),
                        type,
                        i -> isUnsigned32(element) ? whole(Integer.toUnsignedLong(i), element) : Optional.empty());
            case UINT64_ARRAY ->
                items(
                        value.getUint64Array().getValuesList(),
                        type,
                        i -> element == Datatype.UINT64 ? carried(i, element) : Optional.empty());
            case FLOAT_ARRAY ->
                items(
                        value.getFloatArray().getValuesList(),
                        type,
                        i -> element == Datatype.FLOAT ? real(i, element) : Optional.empty());
            case DOUBLE_ARRAY ->
                items(
                        value.getDoubleArray().getValuesList(),
                        type,
                        i -> element == Datatype.DOUBLE ? real(i, element) : Optional.empty());
            case TYPEDVALUE_NOT_SET -> Optional.empty();
        };
    }

    private static boolean isSigned32(Datatype type) {
        return type == Datatype.INT8 || type == Datatype.INT16 || type == Datatype.INT32;
    }

    private static boolean isUnsigned32(Datatype type) {
        return type == Datatype.UINT8 || type == Datatype.UINT16 || type == Datatype.UINT32;
    }

    private static Optional<SignalValue> text(String text, Datatype type) {
        boolean fits = type == Datatype.STRING && text.length() <= SignalValue.MAX_TEXT;
        return fits ? Optional.of(SignalValue.of(text)) : Optional.empty();
    }

    private static Optional<SignalValue> isIt(Datatype type, Datatype wanted, long value) {
        return type == wanted ? whole(value, type) : Optional.empty();
    }

    private static Optional<SignalValue> whole(long value, Datatype type) {
        return type.holds(value) ? carried(value, type) : Optional.empty();
    }

    private static Optional<SignalValue> real(double value, Datatype type) {
        return type.holds(value) ? carried(type.fromDouble(value), type) : Optional.empty();
    }

    private static Optional<SignalValue> carried(long bits, Datatype type) {
        return Optional.of(new SignalValue.Scalar(type, bits));
    }

    private static <T> Optional<SignalValue> items(
            List<T> items, Datatype type, Function<T, Optional<SignalValue>> read) {
        if (!type.isArray() || items.size() > SignalValue.MAX_ELEMENTS) {
            return Optional.empty();
        }
        List<SignalValue> values = new ArrayList<>(items.size());
        for (T item : items) {
            Optional<SignalValue> value = read.apply(item);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return Optional.of(new SignalValue.Items(type, values));
    }
}
