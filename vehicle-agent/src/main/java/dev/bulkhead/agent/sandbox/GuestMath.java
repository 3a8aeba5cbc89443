package dev.bulkhead.agent.sandbox;

/** Numeric instructions whose WebAssembly meaning differs from the JVM's. Engine-internal: called by generated code, kept small to be inlined. */
public final class GuestMath {
    private GuestMath() {}

    public static int divide(int a, int b) {
        if (b == -1 && a == Integer.MIN_VALUE) {
            throw overflow();
        }
        return a / b;
    }

    public static long divide(long a, long b) {
        if (b == -1 && a == Long.MIN_VALUE) {
            throw overflow();
        }
        return a / b;
    }

    public static float truncate(float x) {
        return (float) truncate((double) x);
    }

    public static double truncate(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    /** On the bits, so that the sign of a NaN counts too. */
    public static float copySign(float x, float sign) {
        return Float.intBitsToFloat(
                (Float.floatToRawIntBits(x) & 0x7FFF_FFFF) | (Float.floatToRawIntBits(sign) & 0x8000_0000));
    }

    public static double copySign(double x, double sign) {
        return Double.longBitsToDouble(
                (Double.doubleToRawLongBits(x) & Long.MAX_VALUE) | (Double.doubleToRawLongBits(sign) & Long.MIN_VALUE));
    }

    public static int truncateToInt(double x) {
        if (x > -2147483649.0 && x < 2147483648.0) {
            return (int) x;
        }
        throw conversion(x);
    }

    public static int truncateToUnsignedInt(double x) {
        if (x > -1.0 && x < 4294967296.0) {
            return (int) (long) x;
        }
        throw conversion(x);
    }

    public static long truncateToLong(double x) {
        if (x >= -0x1p63 && x < 0x1p63) {
            return (long) x;
        }
        throw conversion(x);
    }

    public static long truncateToUnsignedLong(double x) {
        if (x > -1.0 && x < 0x1p64) {
            return saturateToUnsignedLong(x);
        }
        throw conversion(x);
    }

    public static int saturateToUnsignedInt(double x) {
        return x > 4294967295.0 ? -1 : x > 0 ? (int) (long) x : 0;
    }

    public static long saturateToUnsignedLong(double x) {
        if (x < 0x1p63) {
            return x > 0 ? (long) x : 0;
        }
        return x < 0x1p64 ? (long) (x - 0x1p63) + Long.MIN_VALUE : Double.isNaN(x) ? 0 : -1;
    }

    public static double unsignedToDouble(long x) {
        if (x >= 0) {
            return x;
        }
        return (double) ((x >>> 1) | (x & 1)) * 2.0;
    }

    public static float unsignedToFloat(long x) {
        if (x >= 0) {
            return x;
        }
        return (float) ((x >>> 1) | (x & 1)) * 2.0f;
    }

    private static TrapException overflow() {
        return new TrapException(TrapKind.INTEGER_OVERFLOW);
    }

    private static TrapException conversion(double x) {
        return new TrapException(Double.isNaN(x) ? TrapKind.INVALID_CONVERSION : TrapKind.INTEGER_OVERFLOW);
    }
}
