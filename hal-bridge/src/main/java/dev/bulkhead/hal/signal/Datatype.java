package dev.bulkhead.hal.signal;

import java.util.Locale;
import java.util.Optional;

/**
 * The datatypes of VSS. A scalar is carried as 64 bits: integers and booleans as a (sign- or zero-extended) {@code long}, {@code
 * uint64} as its raw bits, {@code float} and {@code double} as the bits of an IEEE 754 double.
 */
public enum Datatype {
    BOOLEAN(1, Form.WHOLE, 0, 1),
    INT8(1, Form.WHOLE, Byte.MIN_VALUE, Byte.MAX_VALUE),
    UINT8(1, Form.WHOLE, 0, 0xFF),
    INT16(2, Form.WHOLE, Short.MIN_VALUE, Short.MAX_VALUE),
    UINT16(2, Form.WHOLE, 0, 0xFFFF),
    INT32(4, Form.WHOLE, Integer.MIN_VALUE, Integer.MAX_VALUE),
    UINT32(4, Form.WHOLE, 0, 0xFFFF_FFFFL),
    INT64(8, Form.WHOLE, Long.MIN_VALUE, Long.MAX_VALUE),
    UINT64(8, Form.UNSIGNED_64, 0, -1),
    FLOAT(4, Form.REAL, 0, 0),
    DOUBLE(8, Form.REAL, 0, 0),
    STRING(0, Form.TEXT, 0, 0),
    BOOLEAN_ARRAY(BOOLEAN),
    INT8_ARRAY(INT8),
    UINT8_ARRAY(UINT8),
    INT16_ARRAY(INT16),
    UINT16_ARRAY(UINT16),
    INT32_ARRAY(INT32),
    UINT32_ARRAY(UINT32),
    INT64_ARRAY(INT64),
    UINT64_ARRAY(UINT64),
    FLOAT_ARRAY(FLOAT),
    DOUBLE_ARRAY(DOUBLE),
    STRING_ARRAY(STRING);

    private enum Form {
        WHOLE,
        UNSIGNED_64,
        REAL,
        TEXT,
        ARRAY
    }

    /** 2⁶³ and 2⁶⁴: where the conversion of an unsigned 64-bit number needs care. */
    private static final double TWO_63 = 0x1p63;

    private static final double TWO_64 = 0x1p64;

    private final int bytes;
    private final Form form;
    private final long least;
    private final long most;
    private final Datatype element;

    Datatype(int bytes, Form form, long least, long most) {
        this.bytes = bytes;
        this.form = form;
        this.least = least;
        this.most = most;
        this.element = this;
    }

    Datatype(Datatype element) {
        this.bytes = element.bytes;
        this.form = Form.ARRAY;
        this.least = 0;
        this.most = 0;
        this.element = element;
    }

    /** The datatype VSS spells so ({@code uint8}, {@code string[]}), or empty. */
    public static Optional<Datatype> fromVss(String spelling) {
        for (Datatype type : values()) {
            if (type.vssName().equals(spelling)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** As VSS spells it. */
    public String vssName() {
        return isArray() ? element.vssName() + "[]" : name().toLowerCase(Locale.ROOT);
    }

    /** True for everything that fits in 64 bits: neither string nor array. */
    public boolean isScalar() {
        return form != Form.TEXT && form != Form.ARRAY;
    }

    public boolean isArray() {
        return form == Form.ARRAY;
    }

    /** True for {@code float} and {@code double}. */
    public boolean isReal() {
        return form == Form.REAL;
    }

    /** The type of one element of an array; the type itself otherwise. */
    public Datatype element() {
        return element;
    }

    /** Bytes one scalar (or one element) takes when packed; 0 for text. */
    public int bytes() {
        return bytes;
    }

    /** The value of {@code bits} as a double; meaningful for scalars only. */
    public double toDouble(long bits) {
        if (form == Form.REAL) { // most of what a car measures, read in hot loops
            return Double.longBitsToDouble(bits);
        }
        return switch (form) {
            case REAL -> Double.longBitsToDouble(bits);
            case UNSIGNED_64 -> bits >= 0 ? (double) bits : ((bits >>> 1) | (bits & 1)) * 2.0;
            case WHOLE, TEXT, ARRAY -> (double) bits;
        };
    }

    /** The value of {@code bits} as an integer; a real is cut towards zero and saturates. */
    public long toLong(long bits) {
        return isReal() ? (long) Double.longBitsToDouble(bits) : bits;
    }

    /** True when {@code value} is one this scalar type can hold exactly (reals hold every number but NaN). */
    public boolean holds(double value) {
        return switch (form) {
            case REAL -> !Double.isNaN(value);
            case UNSIGNED_64 -> value >= 0 && value < TWO_64 && Math.rint(value) == value;
            case WHOLE -> Math.rint(value) == value && value >= least && value < TWO_63 && (long) value <= most;
            case TEXT, ARRAY -> false;
        };
    }

    /** True when the integer {@code value} fits (for {@code uint64}: not negative). */
    public boolean holds(long value) {
        return switch (form) {
            case REAL -> true;
            case UNSIGNED_64 -> value >= 0;
            case WHOLE -> value >= least && value <= most;
            case TEXT, ARRAY -> false;
        };
    }

    /** The 64 bits that carry {@code value}; the caller has asked {@link #holds(double)}. */
    public long fromDouble(double value) {
        return switch (form) {
            case REAL -> Double.doubleToRawLongBits(value);
            case UNSIGNED_64 -> value < TWO_63 ? (long) value : (long) (value - TWO_63) ^ Long.MIN_VALUE;
            case WHOLE, TEXT, ARRAY -> (long) value;
        };
    }

    /** The 64 bits that carry the integer {@code value}. */
    public long fromLong(long value) {
        return isReal() ? Double.doubleToRawLongBits((double) value) : value;
    }

    /** True when {@code bits} are ones this scalar type can carry. */
    public boolean carries(long bits) {
        return switch (form) {
            case REAL -> !Double.isNaN(Double.longBitsToDouble(bits));
            case UNSIGNED_64 -> true;
            case WHOLE -> bits >= least && bits <= most;
            case TEXT, ARRAY -> false;
        };
    }
}
