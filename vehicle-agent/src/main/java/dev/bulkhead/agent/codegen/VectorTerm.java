package dev.bulkhead.agent.codegen;

import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/**
 * A vector that is computed where it is written. The code calls the JDK's Vector API itself, not methods of ours around it: those the JIT must
 * inline whatever the size of the method, ours it need not, and a vector that crosses a call that is not inlined becomes an object.
 */
record VectorTerm(Lane lane, Consumer<Bytecode> code) {
    void write(Bytecode out) {
        code.accept(out);
    }

    /** The splat of a scalar. */
    static VectorTerm splat(Lane lane, Consumer<Bytecode> scalar) {
        return new VectorTerm(lane, out -> {
            species(out, lane);
            scalar.accept(out);
            out.callStatic(lane.owner, "broadcast", "(" + Lane.SPECIES + lane.scalar + ")" + lane.descriptor);
        });
    }

    static VectorTerm splat(Lane lane, long bits) {
        return splat(lane, out -> out.constant(lane.type, bits));
    }

    static VectorTerm zero(Lane lane) {
        return new VectorTerm(lane, out -> {
            species(out, lane);
            out.callStatic(lane.owner, "zero", "(" + Lane.SPECIES + ")" + lane.descriptor);
        });
    }

    static VectorTerm constant(long low, long high) {
        return low == high ? splat(Lane.LONG, low) : of(out -> out.constant(low), out -> out.constant(high));
    }

    /** Two halves. */
    static VectorTerm of(Consumer<Bytecode> low, Consumer<Bytecode> high) {
        return splat(Lane.LONG, low).withLane(1, high);
    }

    private static void species(Bytecode out, Lane lane) {
        out.getStatic(lane.owner, "SPECIES_128", Lane.SPECIES);
    }

    private static void operator(Bytecode out, String kind, String name) {
        out.getStatic(Lane.OPERATORS, name, Lane.operator(kind));
    }

    private static String kind(String operator) {
        return switch (operator) {
            case "ADD", "MUL", "MIN", "MAX", "UMIN", "UMAX", "AND", "OR", "XOR" -> "Associative";
            default -> "Binary";
        };
    }

    private VectorTerm then(Lane to, Consumer<Bytecode> more) {
        return new VectorTerm(to, out -> {
            write(out);
            more.accept(out);
        });
    }

    /** The same bits in other lanes. */
    VectorTerm as(Lane to) {
        return to == lane
                ? this
                : then(to, out -> out.callVirtual(lane.owner, "reinterpretAs" + to.plural, "()" + to.descriptor));
    }

    VectorTerm apply(String operator) {
        return then(lane, out -> {
            operator(out, "Unary", operator);
            out.callVirtual(lane.owner, "lanewise", "(" + Lane.operator("Unary") + ")" + lane.descriptor);
        });
    }

    VectorTerm apply(String operator, VectorTerm other) {
        return then(lane, out -> {
            operator(out, kind(operator), operator);
            other.as(lane).write(out);
            out.callVirtual(
                    lane.owner, "lanewise", "(" + Lane.operator("Binary") + Lane.VECTOR + ")" + lane.descriptor);
        });
    }

    /** Shifts every lane by a scalar that lies within the lane's width already. */
    VectorTerm shift(String operator, Consumer<Bytecode> count) {
        return then(lane, out -> {
            operator(out, "Binary", operator);
            count.accept(out);
            if (lane == Lane.LONG) {
                out.op(Opcodes.I2L);
            }
            out.callVirtual(
                    lane.owner, "lanewise", "(" + Lane.operator("Binary") + lane.scalar + ")" + lane.descriptor);
        });
    }

    VectorTerm shift(String operator, int count) {
        return shift(operator, out -> out.constant(count));
    }

    /** {@code add}, {@code sub}, {@code mul}, {@code div}, {@code min}, {@code max} or {@code selectFrom}. */
    VectorTerm call(String method, VectorTerm other) {
        return then(lane, out -> {
            other.as(lane).write(out);
            out.callVirtual(lane.owner, method, "(" + Lane.VECTOR + ")" + lane.descriptor);
        });
    }

    /** Bytes picked by these as indices from both vectors in a row. */
    VectorTerm pick(VectorTerm first, VectorTerm second) {
        return then(lane, out -> {
            first.as(lane).write(out);
            second.as(lane).write(out);
            out.callVirtual(lane.owner, "selectFrom", "(" + Lane.VECTOR + Lane.VECTOR + ")" + lane.descriptor);
        });
    }

    /** Leaves a mask on the JVM's stack when written. */
    Consumer<Bytecode> compare(String comparison, VectorTerm other) {
        return out -> {
            write(out);
            operator(out, "Comparison", comparison);
            other.as(lane).write(out);
            out.callVirtual(lane.owner, "compare", "(" + Lane.operator("Comparison") + Lane.VECTOR + ")" + Lane.MASK);
        };
    }

    /** {@code IS_DEFAULT} for lanes that are zero, {@code IS_NEGATIVE}; leaves a mask. */
    Consumer<Bytecode> test(String which) {
        return out -> {
            write(out);
            operator(out, "Test", which);
            out.callVirtual(lane.owner, "test", "(" + Lane.operator("Test") + ")" + Lane.MASK);
        };
    }

    /** A mask of these lanes as one of integer lanes of the same width. */
    static Consumer<Bytecode> mask(Lane from, Consumer<Bytecode> mask) {
        Lane to = from.integers();
        return to == from
                ? mask
                : out -> {
                    mask.accept(out);
                    species(out, to);
                    out.callVirtual(Lane.MASK_CLASS, "cast", "(" + Lane.SPECIES + ")" + Lane.MASK);
                };
    }

    /** The other vector's lanes where the mask is set. */
    VectorTerm blend(VectorTerm other, Consumer<Bytecode> mask) {
        return then(lane, out -> {
            other.as(lane).write(out);
            mask.accept(out);
            out.callVirtual(lane.owner, "blend", "(" + Lane.VECTOR + Lane.MASK + ")" + lane.descriptor);
        });
    }

    /** All bits of the lanes where the mask is set, none of the others. */
    static VectorTerm truth(Lane lane, Consumer<Bytecode> mask) {
        Lane integers = lane.integers();
        return zero(integers).blend(splat(integers, -1), mask(lane, mask));
    }

    /** Converts the lanes from the first on, as many as fit; the rest is zero. */
    VectorTerm convert(String conversion, Lane to) {
        return then(to, out -> {
            operator(out, "Conversion", conversion);
            species(out, to);
            out.constant(0);
            out.callVirtual(
                    lane.owner, "convertShape", "(" + Lane.operator("Conversion") + Lane.SPECIES + "I)" + Lane.VECTOR);
            out.checkCast(to.owner);
        });
    }

    VectorTerm withLane(int index, Consumer<Bytecode> scalar) {
        return then(lane, out -> {
            out.constant(index);
            scalar.accept(out);
            out.callVirtual(lane.owner, "withLane", "(I" + lane.scalar + ")" + lane.descriptor);
        });
    }

    /** Leaves one lane on the JVM's stack when written. */
    Consumer<Bytecode> lane(int index) {
        return out -> {
            write(out);
            out.constant(index);
            out.callVirtual(lane.owner, "lane", "(I)" + lane.scalar);
        };
    }
}
