package dev.bulkhead.agent.codegen;

import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/** Writes the instructions on integer lanes. Their numbers follow one pattern for each width, 32 apart. */
final class IntegerLanes {
    private static final String[] COMPARISONS = {"EQ", "NE", "LT", "ULT", "GT", "UGT", "LE", "ULE", "GE", "UGE"};
    private static final String[] LONG_COMPARISONS = {"EQ", "NE", "LT", "GT", "LE", "GE"};

    private final Bytecode out;
    private final Operands operands;
    private final VectorOperands terms;

    IntegerLanes(Bytecode out, Operands operands, VectorOperands terms) {
        this.out = out;
        this.operands = operands;
        this.terms = terms;
    }

    void write(int sub) {
        if (sub < 0x41) {
            Lane lane = sub < 0x2D ? Lane.BYTE : sub < 0x37 ? Lane.SHORT : Lane.INT;
            compare(lane, COMPARISONS[(sub - 0x23) % COMPARISONS.length]);
        } else if (sub >= 0x7C && sub <= 0x7F) {
            pairwise(sub <= 0x7D ? Lane.BYTE : Lane.SHORT, (sub & 1) == 0);
        } else if (sub >= 0xD6 && sub <= 0xDB) {
            compare(Lane.LONG, LONG_COMPARISONS[sub - 0xD6]);
        } else {
            Lane lane = sub < 0x80 ? Lane.BYTE : sub < 0xA0 ? Lane.SHORT : sub < 0xC0 ? Lane.INT : Lane.LONG;
            patterned(lane, sub & 0x1F);
        }
    }

    private void patterned(Lane lane, int which) {
        switch (which) {
            case 0x00 -> terms.give(terms.take().as(lane).apply("ABS"));
            case 0x01 -> terms.give(terms.take().as(lane).apply("NEG"));
            case 0x02 -> special(lane);
            case 0x03 -> allTrue(lane);
            case 0x04 -> bitmask(lane);
            case 0x05, 0x06 -> narrow(lane, which == 0x05);
            case 0x07, 0x09 -> terms.give(extendLow(narrower(lane), which == 0x07));
            case 0x08, 0x0A -> terms.give(extendHigh(narrower(lane), which == 0x08));
            case 0x0B -> shift(lane, "LSHL");
            case 0x0C -> shift(lane, "ASHR");
            case 0x0D -> shift(lane, "LSHR");
            case 0x0E -> binary(lane, "ADD");
            case 0x0F -> binary(lane, "SADD");
            case 0x10 -> binary(lane, "SUADD");
            case 0x11 -> binary(lane, "SUB");
            case 0x12 -> binary(lane, "SSUB");
            case 0x13 -> binary(lane, "SUSUB");
            case 0x15 -> binary(lane, "MUL");
            case 0x16 -> binary(lane, "MIN");
            case 0x17 -> binary(lane, "UMIN");
            case 0x18 -> binary(lane, "MAX");
            case 0x19 -> binary(lane, "UMAX");
            case 0x1A -> dot();
            case 0x1B -> average(lane);
            default -> multiplyExtended(lane, which);
        }
    }

    private void binary(Lane lane, String operator) {
        VectorTerm right = terms.take();
        terms.give(terms.take().as(lane).apply(operator, right));
    }

    private void compare(Lane lane, String comparison) {
        VectorTerm right = terms.take();
        terms.give(VectorTerm.truth(lane, terms.take().as(lane).compare(comparison, right)));
    }

    private void shift(Lane lane, String operator) {
        Consumer<Bytecode> count = terms.takeScalar(JavaType.INT);
        terms.give(terms.take().as(lane).shift(operator, code -> {
            count.accept(code);
            code.constant(lane.bits - 1);
            code.op(Opcodes.IAND);
        }));
    }

    private void allTrue(Lane lane) {
        terms.take().as(lane).test("IS_DEFAULT").accept(out);
        out.callVirtual(Lane.MASK_CLASS, "anyTrue", "()Z");
        out.constant(1);
        out.op(Opcodes.IXOR);
        operands.pushJvm(JavaType.INT);
    }

    private void bitmask(Lane lane) {
        terms.take().as(lane).test("IS_NEGATIVE").accept(out);
        out.callVirtual(Lane.MASK_CLASS, "toLong", "()J");
        out.op(Opcodes.L2I);
        operands.pushJvm(JavaType.INT);
    }

    // widths

    /** The operand in lanes half as wide. */
    private VectorTerm narrower(Lane lane) {
        return terms.take().as(half(lane));
    }

    private static Lane half(Lane lane) {
        return lane == Lane.SHORT ? Lane.BYTE : lane == Lane.INT ? Lane.SHORT : Lane.INT;
    }

    static VectorTerm extendLow(VectorTerm term, boolean signed) {
        String conversion = switch (term.lane()) {
            case BYTE -> "B2S";
            case SHORT -> "S2I";
            case INT, LONG, FLOAT, DOUBLE -> "I2L";
        };
        return term.convert(
                signed ? conversion : "ZERO_EXTEND_" + conversion, term.lane().wider());
    }

    /** Each lane of the upper half twice, side by side, then shifted down. */
    private static VectorTerm extendHigh(VectorTerm term, boolean signed) {
        VectorTerm twice = switch (term.lane()) {
            case BYTE -> VectorTerm.constant(0x0B0B_0A0A_0909_0808L, 0x0F0F_0E0E_0D0D_0C0CL);
            case SHORT -> VectorTerm.constant(0x0B0A_0B0A_0908_0908L, 0x0F0E_0F0E_0D0C_0D0CL);
            case INT, LONG, FLOAT, DOUBLE -> VectorTerm.constant(0x0B0A_0908_0B0A_0908L, 0x0F0E_0D0C_0F0E_0D0CL);
        };
        return twice.as(Lane.BYTE)
                .call("selectFrom", term)
                .as(term.lane().wider())
                .shift(signed ? "ASHR" : "LSHR", term.lane().bits);
    }

    private void narrow(Lane to, boolean signed) {
        Lane from = to.wider();
        VectorTerm second = saturated(terms.take().as(from), to, signed);
        VectorTerm first = saturated(terms.take().as(from), to, signed);
        VectorTerm lowers = to == Lane.BYTE
                ? VectorTerm.constant(0x0E0C_0A08_0604_0200L, 0x1E1C_1A18_1614_1210L)
                : VectorTerm.constant(0x0D0C_0908_0504_0100L, 0x1D1C_1918_1514_1110L);
        terms.give(lowers.as(Lane.BYTE).pick(first, second));
    }

    private static VectorTerm saturated(VectorTerm term, Lane to, boolean signed) {
        int least = signed ? -(1 << (to.bits - 1)) : 0;
        int most = signed ? (1 << (to.bits - 1)) - 1 : (1 << to.bits) - 1;
        return term.call("max", VectorTerm.splat(term.lane(), least)).call("min", VectorTerm.splat(term.lane(), most));
    }

    /** Lower and upper halves of each wide lane, added. */
    private void pairwise(Lane from, boolean signed) {
        VectorTerm wide = terms.take().as(from.wider());
        terms.give(lower(wide, from.bits, signed).call("add", upper(wide, from.bits, signed)));
    }

    private static VectorTerm lower(VectorTerm wide, int bits, boolean signed) {
        return signed
                ? wide.shift("LSHL", bits).shift("ASHR", bits)
                : wide.apply("AND", VectorTerm.splat(wide.lane(), (1L << bits) - 1));
    }

    private static VectorTerm upper(VectorTerm wide, int bits, boolean signed) {
        return wide.shift(signed ? "ASHR" : "LSHR", bits);
    }

    private void multiplyExtended(Lane lane, int which) {
        boolean signed = which == 0x1C || which == 0x1D;
        boolean low = which == 0x1C || which == 0x1E;
        VectorTerm right = narrower(lane);
        VectorTerm left = narrower(lane);
        terms.give(
                low
                        ? extendLow(left, signed).call("mul", extendLow(right, signed))
                        : extendHigh(left, signed).call("mul", extendHigh(right, signed)));
    }

    // the odd ones

    private void special(Lane lane) {
        if (lane == Lane.BYTE) {
            terms.give(terms.take().apply("BIT_COUNT"));
        } else {
            roundedProduct();
        }
    }

    private void dot() {
        VectorTerm right = terms.take().as(Lane.INT);
        VectorTerm left = terms.take().as(Lane.INT);
        terms.give(lower(left, 16, true)
                .call("mul", lower(right, 16, true))
                .call("add", upper(left, 16, true).call("mul", upper(right, 16, true))));
    }

    private void average(Lane lane) {
        VectorTerm right = terms.take().as(lane);
        VectorTerm left = terms.take().as(lane);
        terms.give(left.apply("OR", right).call("sub", left.apply("XOR", right).shift("LSHR", 1)));
    }

    /** {@code i16x8.q15mulr_sat_s}, on the halves of wider lanes. */
    private void roundedProduct() {
        VectorTerm right = terms.take().as(Lane.INT);
        VectorTerm left = terms.take().as(Lane.INT);
        VectorTerm lower = rounded(lower(left, 16, true).call("mul", lower(right, 16, true)));
        VectorTerm upper = rounded(upper(left, 16, true).call("mul", upper(right, 16, true)));
        terms.give(lower.apply("AND", VectorTerm.splat(Lane.INT, 0xFFFF)).apply("OR", upper.shift("LSHL", 16)));
    }

    private static VectorTerm rounded(VectorTerm product) {
        return product.call("add", VectorTerm.splat(Lane.INT, 0x4000))
                .shift("ASHR", 15)
                .call("min", VectorTerm.splat(Lane.INT, 0x7FFF));
    }
}
