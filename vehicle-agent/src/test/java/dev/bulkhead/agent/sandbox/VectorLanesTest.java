package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each vector instruction gives, lane by lane, what plain Java gives for the numbers in the lanes; random operands and the edges of every type. */
final class VectorLanesTest {
    @BeforeAll
    static void theJvmHasVectors() {
        VectorsAtHand.assume();
    }

    private static final int ROUNDS = 60;
    private static final int[] WIDTHS = {8, 16, 32, 64};

    private final TreeMap<String, Object> expected = new TreeMap<>();
    private final List<DynamicTest> tests = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);

    @TestFactory
    List<DynamicTest> givesWhatJavaGives() {
        for (int width : WIDTHS) {
            integers(width);
        }
        widths();
        floats(32);
        floats(64);
        conversions();
        return tests;
    }

    // lanes of a vector, which is two longs

    private static long lane(long[] vector, int width, int lane) {
        int at = lane * width;
        long bits = vector[at / 64] >>> at % 64;
        return width == 64 ? bits : bits << (64 - width) >> (64 - width);
    }

    private static long unsigned(long value, int width) {
        return width == 64 ? value : value & ((1L << width) - 1);
    }

    private static long[] build(int width, LongUnaryOperator lanes) {
        long[] vector = new long[2];
        for (int lane = 0; lane < 128 / width; lane++) {
            vector[lane * width / 64] |= unsigned(lanes.applyAsLong(lane), width) << lane * width % 64;
        }
        return vector;
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }

    // integers

    private void integers(int width) {
        String shape = "i" + width + "x" + 128 / width + ".";
        lanewise(shape + "add", width, Long::sum);
        lanewise(shape + "sub", width, (a, b) -> a - b);
        unary(shape + "neg", width, a -> -a);
        unary(shape + "abs", width, Math::abs);
        compare(shape + "eq", width, (a, b) -> a == b ? -1 : 0);
        compare(shape + "ne", width, (a, b) -> a != b ? -1 : 0);
        compare(shape + "lt_s", width, (a, b) -> a < b ? -1 : 0);
        compare(shape + "gt_s", width, (a, b) -> a > b ? -1 : 0);
        compare(shape + "le_s", width, (a, b) -> a <= b ? -1 : 0);
        compare(shape + "ge_s", width, (a, b) -> a >= b ? -1 : 0);
        shift(shape + "shl", width, (a, n) -> a << n);
        shift(shape + "shr_s", width, (a, n) -> a >> n);
        shift(shape + "shr_u", width, (a, n) -> unsigned(a, width) >>> n);
        test(shape + "all_true", width, bits -> bits != 0, true);
        test(shape + "bitmask", width, bits -> bits < 0, false);
        if (width > 8) {
            lanewise(shape + "mul", width, (a, b) -> a * b);
        }
        if (width < 64) {
            unsignedOnes(shape, width);
        }
        if (width < 32) {
            saturating(shape, width);
        }
    }

    private void unsignedOnes(String shape, int width) {
        lanewise(shape + "min_s", width, Math::min);
        lanewise(shape + "max_s", width, Math::max);
        lanewise(shape + "min_u", width, (a, b) -> Math.min(unsigned(a, width), unsigned(b, width)));
        lanewise(shape + "max_u", width, (a, b) -> Math.max(unsigned(a, width), unsigned(b, width)));
        lanewise(shape + "lt_u", width, (a, b) -> unsigned(a, width) < unsigned(b, width) ? -1 : 0);
        lanewise(shape + "gt_u", width, (a, b) -> unsigned(a, width) > unsigned(b, width) ? -1 : 0);
        lanewise(shape + "le_u", width, (a, b) -> unsigned(a, width) <= unsigned(b, width) ? -1 : 0);
        lanewise(shape + "ge_u", width, (a, b) -> unsigned(a, width) >= unsigned(b, width) ? -1 : 0);
    }

    private void saturating(String shape, int width) {
        long least = -(1L << (width - 1));
        long most = -least - 1;
        long all = (1L << width) - 1;
        lanewise(shape + "add_sat_s", width, (a, b) -> clamp(a + b, least, most));
        lanewise(shape + "sub_sat_s", width, (a, b) -> clamp(a - b, least, most));
        lanewise(shape + "add_sat_u", width, (a, b) -> clamp(unsigned(a, width) + unsigned(b, width), 0, all));
        lanewise(shape + "sub_sat_u", width, (a, b) -> clamp(unsigned(a, width) - unsigned(b, width), 0, all));
        lanewise(shape + "avgr_u", width, (a, b) -> (unsigned(a, width) + unsigned(b, width) + 1) / 2);
    }

    private void lanewise(String name, int width, LongBinaryOperator lanes) {
        binary(name, (a, b) -> build(width, i -> lanes.applyAsLong(lane(a, width, (int) i), lane(b, width, (int) i))));
    }

    private void compare(String name, int width, LongBinaryOperator lanes) {
        lanewise(name, width, lanes);
    }

    private void unary(String name, int width, LongUnaryOperator lanes) {
        unary(name, a -> build(width, i -> lanes.applyAsLong(lane(a, width, (int) i))));
    }

    private void shift(String name, int width, LongBinaryOperator lanes) {
        run(name, "(param v128 i32) (result v128) (" + name + " (local.get 0) (local.get 1))", () -> {
            long[] a = vector(width);
            int count = random.nextInt();
            return new Case(
                    new long[] {a[0], a[1], count},
                    build(width, i -> lanes.applyAsLong(lane(a, width, (int) i), count & (width - 1))));
        });
    }

    private void test(String name, int width, LongPredicate lanes, boolean all) {
        run(name, "(param v128) (result i32) (" + name + " (local.get 0))", () -> {
            long[] a = random.nextBoolean() ? vector(width) : build(width, i -> random.nextInt(9) == 0 ? 0 : 1);
            long mask = 0;
            for (int i = 0; i < 128 / width; i++) {
                mask |= (lanes.test(lane(a, width, i)) ? 1L : 0L) << i;
            }
            return new Case(a, new long[] {all ? (mask == (1L << (128 / width)) - 1 ? 1 : 0) : mask});
        });
    }

    // between widths

    private void widths() {
        for (int from : new int[] {8, 16, 32}) {
            int to = 2 * from;
            int half = 128 / to;
            String source = "_i" + from + "x" + 128 / from;
            String shape = "i" + to + "x" + half + ".";
            for (boolean signed : new boolean[] {true, false}) {
                String sign = signed ? "_s" : "_u";
                extend(shape + "extend_low" + source + sign, from, 0, signed);
                extend(shape + "extend_high" + source + sign, from, half, signed);
                multiplied(shape + "extmul_low" + source + sign, from, 0, signed);
                multiplied(shape + "extmul_high" + source + sign, from, half, signed);
                if (from < 32) {
                    unary(
                            shape + "extadd_pairwise" + source + sign,
                            a -> build(
                                    to,
                                    i -> wide(a, from, 2 * (int) i, signed) + wide(a, from, 2 * (int) i + 1, signed)));
                    narrow("i" + from + "x" + 128 / from + ".narrow_i" + to + "x" + half + sign, from, signed);
                }
            }
        }
        binary(
                "i32x4.dot_i16x8_s",
                (a, b) -> build(
                        32,
                        i -> lane(a, 16, 2 * (int) i) * lane(b, 16, 2 * (int) i)
                                + lane(a, 16, 2 * (int) i + 1) * lane(b, 16, 2 * (int) i + 1)));
        lanewise("i16x8.q15mulr_sat_s", 16, (a, b) -> clamp((a * b + 0x4000) >> 15, -0x8000, 0x7FFF));
        unary("i8x16.popcnt", 8, a -> Long.bitCount(unsigned(a, 8)));
        binary(
                "i8x16.swizzle",
                (a, s) -> build(8, i -> {
                    long index = unsigned(lane(s, 8, (int) i), 8);
                    return index < 16 ? lane(a, 8, (int) index) : 0;
                }));
    }

    private static long wide(long[] vector, int width, int lane, boolean signed) {
        long value = lane(vector, width, lane);
        return signed ? value : unsigned(value, width);
    }

    private void extend(String name, int from, int first, boolean signed) {
        unary(name, a -> build(2 * from, i -> wide(a, from, first + (int) i, signed)));
    }

    private void multiplied(String name, int from, int first, boolean signed) {
        binary(
                name,
                (a, b) -> build(
                        2 * from,
                        i -> wide(a, from, first + (int) i, signed) * wide(b, from, first + (int) i, signed)));
    }

    private void narrow(String name, int to, boolean signed) {
        int half = 64 / to;
        long least = signed ? -(1L << (to - 1)) : 0;
        long most = signed ? (1L << (to - 1)) - 1 : (1L << to) - 1;
        binary(
                name,
                (a, b) -> build(
                        to, i -> clamp(lane(i < half ? a : b, 2 * to, (int) (i < half ? i : i - half)), least, most)));
    }

    // floats

    private static double number(long bits, int width) {
        return width == 32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }

    private static long bits(double value, int width) {
        return width == 32 ? Float.floatToIntBits((float) value) : Double.doubleToLongBits(value);
    }

    private void floats(int width) {
        String shape = "f" + width + "x" + 128 / width + ".";
        floating(shape + "add", width, Double::sum);
        floating(shape + "sub", width, (a, b) -> a - b);
        floating(shape + "mul", width, (a, b) -> a * b);
        floating(shape + "div", width, (a, b) -> a / b);
        floating(shape + "min", width, Math::min);
        floating(shape + "max", width, Math::max);
        floating(shape + "pmin", width, (a, b) -> b < a ? b : a);
        floating(shape + "pmax", width, (a, b) -> a < b ? b : a);
        rounding(shape + "sqrt", width, Math::sqrt);
        rounding(shape + "ceil", width, Math::ceil);
        rounding(shape + "floor", width, Math::floor);
        rounding(shape + "trunc", width, a -> a < 0 ? Math.ceil(a) : Math.floor(a));
        rounding(shape + "nearest", width, Math::rint);
        lanewise(shape + "eq", width, (a, b) -> number(a, width) == number(b, width) ? -1 : 0);
        lanewise(shape + "ne", width, (a, b) -> number(a, width) != number(b, width) ? -1 : 0);
        lanewise(shape + "lt", width, (a, b) -> number(a, width) < number(b, width) ? -1 : 0);
        lanewise(shape + "gt", width, (a, b) -> number(a, width) > number(b, width) ? -1 : 0);
        lanewise(shape + "le", width, (a, b) -> number(a, width) <= number(b, width) ? -1 : 0);
        lanewise(shape + "ge", width, (a, b) -> number(a, width) >= number(b, width) ? -1 : 0);
        unary(shape + "neg", width, a -> a ^ 1L << (width - 1));
        unary(shape + "abs", width, a -> a & ~(1L << (width - 1)));
    }

    private void floating(String name, int width, DoubleBinaryOperator lanes) {
        lanewise(name, width, (a, b) -> bits(lanes.applyAsDouble(number(a, width), number(b, width)), width));
    }

    private void rounding(String name, int width, DoubleUnaryOperator lanes) {
        unary(name, width, a -> bits(lanes.applyAsDouble(number(a, width)), width));
    }

    private void conversions() {
        unary("i32x4.trunc_sat_f32x4_s", 32, a -> (int) number(a, 32));
        unary("i32x4.trunc_sat_f32x4_u", 32, a -> GuestMath.saturateToUnsignedInt(number(a, 32)));
        unary("f32x4.convert_i32x4_s", 32, a -> Float.floatToIntBits((float) (int) a));
        unary("f32x4.convert_i32x4_u", 32, a -> Float.floatToIntBits((float) unsigned(a, 32)));
        unary("i32x4.trunc_sat_f64x2_s_zero", a -> build(32, i -> i < 2 ? (int) number(a[(int) i], 64) : 0));
        unary(
                "i32x4.trunc_sat_f64x2_u_zero",
                a -> build(32, i -> i < 2 ? GuestMath.saturateToUnsignedInt(number(a[(int) i], 64)) : 0));
        unary("f64x2.convert_low_i32x4_s", a -> build(64, i -> bits((int) lane(a, 32, (int) i), 64)));
        unary("f64x2.convert_low_i32x4_u", a -> build(64, i -> bits((double) unsigned(lane(a, 32, (int) i), 32), 64)));
        unary("f32x4.demote_f64x2_zero", a -> build(32, i -> i < 2 ? bits((float) number(a[(int) i], 64), 32) : 0));
        unary("f64x2.promote_low_f32x4", a -> build(64, i -> bits(number(lane(a, 32, (int) i), 32), 64)));
    }

    // how a test is made

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(long[] operands, long[] results) {}

    private interface Maker {
        Case make();
    }

    private void unary(String name, UnaryOperator<long[]> reference) {
        run(name, "(param v128) (result v128) (" + name + " (local.get 0))", () -> {
            long[] a = vector(width(name));
            return new Case(a, reference.apply(a));
        });
    }

    private void binary(String name, BinaryOperator<long[]> reference) {
        run(name, "(param v128 v128) (result v128) (" + name + " (local.get 0) (local.get 1))", () -> {
            long[] a = vector(width(name));
            long[] b = random.nextInt(8) == 0 ? a : vector(width(name));
            return new Case(new long[] {a[0], a[1], b[0], b[1]}, reference.apply(a, b));
        });
    }

    private static int width(String name) {
        return Integer.parseInt(name.substring(1, name.indexOf('x')));
    }

    private void run(String name, String function, Maker cases) {
        if (expected.put(name, function) != null) {
            throw new IllegalStateException(name + " twice");
        }
        tests.add(DynamicTest.dynamicTest(name, () -> {
            Instance instance = Wat.instance("(module (func (export \"f\") " + function + "))");
            boolean floating = name.startsWith("f");
            int width = width(name);
            for (int round = 0; round < ROUNDS; round++) {
                Case one = cases.make();
                Outcome.Returned returned = (Outcome.Returned) instance.call("f", one.operands());
                assertEquals(
                        text(one.results(), floating, width),
                        text(
                                returned.results().stream()
                                        .mapToLong(Long::longValue)
                                        .toArray(),
                                floating,
                                width),
                        name + " of " + text(one.operands(), false, width));
            }
        }));
    }

    /** Any NaN is as good as another. */
    private static String text(long[] vector, boolean floating, int width) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < vector.length * 64 / width; i++) {
            long bits = vector[i * width / 64] >>> i * width % 64 & (width == 64 ? -1 : (1L << width) - 1);
            boolean nan = floating && width >= 32 && Double.isNaN(number(bits, width));
            text.append(nan ? "nan" : Long.toHexString(bits)).append(' ');
        }
        return text.toString();
    }

    /** Random bits, small numbers, edges of the type, or well-known floats. */
    private long[] vector(int width) {
        int kind = random.nextInt(4);
        return build(width, i -> switch (kind) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(-3, 4);
            case 2 -> (random.nextBoolean() ? 1L << (width - 1) : (1L << (width - 1)) - 1) + random.nextInt(-1, 2);
            default -> edge(width);
        });
    }

    private static final double[] FLOATS = {
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.5,
        2.5,
        -2.5,
        0.7,
        -0.7,
        8388607.5,
        -4194304.5,
        2147483647.0,
        2147483648.0,
        -2147483649.0,
        4294967295.0,
        4294967296.0,
        4503599627370495.5,
        1e30,
        -1e30,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        3.4e38
    };

    private long edge(int width) {
        double value = FLOATS[random.nextInt(FLOATS.length)];
        return width >= 32 ? bits(value, width) : clamp((long) value, -40_000, 40_000);
    }
}
