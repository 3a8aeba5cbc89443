package dev.bulkhead.hal.signal;

import java.util.List;

/** A value of any VSS datatype. Immutable and bounded in size. */
public sealed interface SignalValue {
    /** Most characters of one text. */
    int MAX_TEXT = 65_536;

    /** Most elements of one array. */
    int MAX_ELEMENTS = 16_384;

    Datatype type();

    /** A boolean, integer or real as 64 bits, see {@link Datatype}. */
    record Scalar(Datatype type, long bits) implements SignalValue {
        public Scalar {
            if (!type.carries(bits)) {
                throw new IllegalArgumentException("bits " + Long.toHexString(bits) + " are no " + type.vssName());
            }
        }

        public double asDouble() {
            return type.toDouble(bits);
        }

        public long asLong() {
            return type.toLong(bits);
        }

        @Override
        public String toString() {
            return switch (type) {
                case BOOLEAN -> Boolean.toString(bits != 0);
                case UINT64 -> Long.toUnsignedString(bits);
                case FLOAT -> Float.toString((float) asDouble());
                case DOUBLE -> Double.toString(asDouble());
                case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> Long.toString(bits);
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
                        STRING_ARRAY -> throw new AssertionError(type);
            };
        }
    }

    /** A string. */
    record Text(String text) implements SignalValue {
        public Text {
            if (text.length() > MAX_TEXT) {
                throw new IllegalArgumentException("text of " + text.length() + " characters, at most " + MAX_TEXT);
            }
        }

        @Override
        public Datatype type() {
            return Datatype.STRING;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** An array; every element has the array's element type. */
    record Items(Datatype type, List<SignalValue> items) implements SignalValue {
        public Items {
            items = List.copyOf(items);
            if (!type.isArray()) {
                throw new IllegalArgumentException(type.vssName() + " is no array type");
            }
            if (items.size() > MAX_ELEMENTS) {
                throw new IllegalArgumentException("array of " + items.size() + " elements, at most " + MAX_ELEMENTS);
            }
            for (SignalValue item : items) {
                if (item.type() != type.element()) {
                    throw new IllegalArgumentException(item.type().vssName() + " inside " + type.vssName());
                }
            }
        }

        @Override
        public String toString() {
            return items.toString();
        }
    }

    static SignalValue of(boolean value) {
        return new Scalar(Datatype.BOOLEAN, value ? 1 : 0);
    }

    static SignalValue of(double value) {
        return new Scalar(Datatype.DOUBLE, Double.doubleToRawLongBits(value));
    }

    static SignalValue of(String value) {
        return new Text(value);
    }
}
