package dev.bulkhead.agent.codegen;

import java.util.function.Consumer;

/** Writes the instructions on lanes of floating-point numbers, and the conversions from and to them. */
final class FloatLanes {
    private static final String[] COMPARISONS = {"EQ", "NE", "LT", "GT", "LE", "GE"};
    private static final double TWO_TO_31 = 0x1p31;

    private final VectorOperands terms;

    FloatLanes(VectorOperands terms) {
        this.terms = terms;
    }

    static boolean isFloat(int sub) {
        return (sub >= 0x41 && sub <= 0x4C)
                || sub == 0x5E
                || sub == 0x5F
                || (sub >= 0x67 && sub <= 0x6A)
                || sub == 0x74
                || sub == 0x75
                || sub == 0x7A
                || sub == 0x94
                || sub >= 0xE0;
    }

    void write(int sub) {
        if (sub >= 0xF8 || sub == 0x5E || sub == 0x5F) {
            convert(sub);
        } else if (sub <= 0x4C) {
            Lane lane = sub <= 0x46 ? Lane.FLOAT : Lane.DOUBLE;
            VectorTerm right = terms.take();
            String comparison = COMPARISONS[(sub - 0x41) % COMPARISONS.length];
            terms.give(VectorTerm.truth(lane, terms.take().as(lane).compare(comparison, right)));
        } else if (sub >= 0xE0) {
            arithmetic(sub < 0xEC ? Lane.FLOAT : Lane.DOUBLE, sub < 0xEC ? sub - 0xE0 : sub - 0xEC);
        } else {
            round(sub);
        }
    }

    private static VectorTerm splat(Lane lane, double value) {
        return VectorTerm.splat(
                lane, lane == Lane.FLOAT ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value));
    }

    private void arithmetic(Lane lane, int which) {
        VectorTerm last = terms.take().as(lane);
        switch (which) {
            case 0 -> terms.give(magnitude(last));
            case 1 -> terms.give(last.as(lane.integers()).apply("XOR", signs(lane)));
            case 3 -> terms.give(last.apply("SQRT"));
            case 4 -> terms.give(terms.take().as(lane).call("add", last));
            case 5 -> terms.give(terms.take().as(lane).call("sub", last));
            case 6 -> terms.give(terms.take().as(lane).call("mul", last));
            case 7 -> terms.give(terms.take().as(lane).call("div", last));
            case 8 -> terms.give(terms.take().as(lane).call("min", last));
            case 9 -> terms.give(terms.take().as(lane).call("max", last));
            case 10 -> {
                VectorTerm first = terms.take().as(lane);
                terms.give(first.blend(last, last.compare("LT", first)));
            }
            default -> {
                VectorTerm first = terms.take().as(lane);
                terms.give(first.blend(last, first.compare("LT", last)));
            }
        }
    }

    private static VectorTerm signs(Lane lane) {
        Lane integers = lane.integers();
        return VectorTerm.splat(integers, Long.MIN_VALUE >> (64 - lane.bits));
    }

    /** On the bits, so that NaN too loses its sign. */
    private static VectorTerm magnitude(VectorTerm term) {
        Lane lane = term.lane();
        VectorTerm others = VectorTerm.splat(lane.integers(), ~(Long.MIN_VALUE >> (64 - lane.bits)));
        return term.as(lane.integers()).apply("AND", others).as(lane);
    }

    /**
     * Rounds by adding and subtracting 2²³ or 2⁵², beyond which every number is whole, and mends the result where it went the wrong way. The sign is
     * put back on the bits: zero keeps it.
     */
    private void round(int sub) {
        Lane lane = sub <= 0x6A ? Lane.FLOAT : Lane.DOUBLE;
        VectorTerm x = terms.take().as(lane);
        VectorTerm whole = splat(lane, lane == Lane.FLOAT ? 0x1p23 : 0x1p52);
        VectorTerm one = splat(lane, 1);
        VectorTerm size = terms.keep(magnitude(x));
        VectorTerm nearest = terms.keep(size.call("add", whole).call("sub", whole));
        VectorTerm rounded = switch (sub) {
            case 0x69, 0x7A -> signed(nearest.blend(nearest.call("sub", one), nearest.compare("GT", size)), x);
            case 0x67, 0x74 -> {
                VectorTerm back = terms.keep(signed(nearest, x));
                yield signed(back.blend(back.call("add", one), back.compare("LT", x)), x);
            }
            case 0x68, 0x75 -> {
                VectorTerm back = terms.keep(signed(nearest, x));
                yield signed(back.blend(back.call("sub", one), back.compare("GT", x)), x);
            }
            default -> signed(nearest, x);
        };
        terms.give(x.call("add", VectorTerm.zero(lane)).blend(rounded, size.compare("LT", whole)));
    }

    private static VectorTerm signed(VectorTerm term, VectorTerm like) {
        Lane integers = term.lane().integers();
        return term.as(integers)
                .apply("OR", like.as(integers).apply("AND", signs(term.lane())))
                .as(term.lane());
    }

    private void convert(int sub) {
        VectorTerm x = terms.take();
        switch (sub) {
            case 0x5E -> terms.give(x.as(Lane.DOUBLE).convert("D2F", Lane.FLOAT));
            case 0x5F -> terms.give(x.as(Lane.FLOAT).convert("F2D", Lane.DOUBLE));
            case 0xF8 -> terms.give(x.as(Lane.FLOAT).convert("F2I", Lane.INT));
            case 0xF9 -> terms.give(toUnsigned(x.as(Lane.FLOAT)));
            case 0xFA -> terms.give(x.as(Lane.INT).convert("I2F", Lane.FLOAT));
            case 0xFB -> terms.give(fromUnsigned(x.as(Lane.INT)));
            case 0xFC -> terms.give(x.as(Lane.DOUBLE).convert("D2I", Lane.INT));
            case 0xFD -> {
                VectorTerm halves = x.as(Lane.DOUBLE);
                terms.give(VectorTerm.zero(Lane.INT)
                        .withLane(0, saturated(halves.lane(0)))
                        .withLane(1, saturated(halves.lane(1))));
            }
            case 0xFE -> terms.give(x.as(Lane.INT).convert("I2D", Lane.DOUBLE));
            default -> terms.give(unsignedToDouble(x.as(Lane.INT)));
        }
    }

    private static Consumer<Bytecode> saturated(Consumer<Bytecode> number) {
        return out -> {
            number.accept(out);
            out.callStatic(RuntimeNames.MATH, "saturateToUnsignedInt", "(D)I");
        };
    }

    /** Numbers from 2³¹ on are brought below it first, and the bit put back. */
    private VectorTerm toUnsigned(VectorTerm x) {
        VectorTerm zero = VectorTerm.zero(Lane.FLOAT);
        VectorTerm positive = terms.keep(zero.blend(x, x.compare("GT", zero)));
        VectorTerm limit = splat(Lane.FLOAT, TWO_TO_31);
        VectorTerm above = positive.call("sub", limit).convert("F2I", Lane.INT).apply("XOR", signs(Lane.FLOAT));
        return positive.convert("F2I", Lane.INT)
                .blend(above, VectorTerm.mask(Lane.FLOAT, positive.compare("GE", limit)));
    }

    /** Both halves are exact, and so is the upper one's product: the sum is rounded once. */
    private static VectorTerm fromUnsigned(VectorTerm x) {
        VectorTerm upper = x.shift("LSHR", 16).convert("I2F", Lane.FLOAT).call("mul", splat(Lane.FLOAT, 0x1p16));
        VectorTerm lower = x.apply("AND", VectorTerm.splat(Lane.INT, 0xFFFF)).convert("I2F", Lane.FLOAT);
        return upper.call("add", lower);
    }

    /** Put into the fraction of 2⁵², which is then taken away. */
    private static VectorTerm unsignedToDouble(VectorTerm x) {
        VectorTerm base = splat(Lane.DOUBLE, 0x1p52);
        return IntegerLanes.extendLow(x, false)
                .apply("OR", base.as(Lane.LONG))
                .as(Lane.DOUBLE)
                .call("sub", base);
    }
}
