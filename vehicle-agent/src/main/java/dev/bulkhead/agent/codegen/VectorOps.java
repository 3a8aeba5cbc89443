package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.SimdOps;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/** Writes the vector instructions: those on memory, bits and single lanes here, the others by way of the writer of their lanes. */
final class VectorOps {
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final VectorOperands terms;
    private final VectorMemory memory;
    private final IntegerLanes integers;
    private final FloatLanes floats;

    VectorOps(MethodParts parts) {
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.terms = new VectorOperands(out, operands);
        this.memory = new VectorMemory(parts, terms);
        this.integers = new IntegerLanes(out, operands, terms);
        this.floats = new FloatLanes(terms);
    }

    static boolean isVector(int op) {
        return op >= Op.SIMD;
    }

    void write(int op, int i) {
        int sub = op & 0xFF;
        terms.begin();
        if (SimdOps.accessWidth(sub) >= 0) {
            memory.write(sub, code.a(i), code.imm(i));
        } else if (sub == SimdOps.CONST) {
            terms.give(VectorTerm.constant(half(i, 0), half(i, 2)));
        } else if (sub == SimdOps.SHUFFLE) {
            shuffle(half(i, 0), half(i, 2));
        } else if (sub >= 0x0F && sub <= SimdOps.LAST_LANE) {
            lane(sub, code.a(i));
        } else if (sub >= 0x4D && sub <= 0x53) {
            bits(sub);
        } else if (FloatLanes.isFloat(sub)) {
            floats.write(sub);
        } else if (sub == 0x0E) {
            swizzle();
        } else {
            integers.write(sub);
        }
    }

    private long half(int i, int word) {
        int at = code.a(i) + word;
        return Integer.toUnsignedLong(code.pool(at)) | (long) code.pool(at + 1) << 32;
    }

    private void shuffle(long low, long high) {
        VectorTerm second = terms.take();
        VectorTerm first = terms.take();
        long fromSecond = 0x1010_1010_1010_1010L;
        VectorTerm indices = VectorTerm.constant(low, high).as(Lane.BYTE);
        if (((low | high) & fromSecond) == 0) {
            terms.give(indices.call("selectFrom", first));
        } else if ((low & high & fromSecond) == fromSecond) {
            VectorTerm own =
                    VectorTerm.constant(low ^ fromSecond, high ^ fromSecond).as(Lane.BYTE);
            terms.give(own.call("selectFrom", second));
        } else {
            terms.give(indices.pick(first, second));
        }
    }

    /** The API takes indices modulo 16; here those from 16 on give zero. */
    private void swizzle() {
        VectorTerm indices = terms.take();
        VectorTerm from = terms.take();
        terms.give(indices.call("selectFrom", from)
                .blend(VectorTerm.zero(Lane.BYTE), indices.compare("UGE", VectorTerm.splat(Lane.BYTE, 16))));
    }

    static Lane laneOf(int sub) {
        return switch (sub) {
            case 0x0F, 0x15, 0x16, 0x17 -> Lane.BYTE;
            case 0x10, 0x18, 0x19, 0x1A -> Lane.SHORT;
            case 0x11, 0x1B, 0x1C -> Lane.INT;
            case 0x12, 0x1D, 0x1E -> Lane.LONG;
            case 0x13, 0x1F, 0x20 -> Lane.FLOAT;
            default -> Lane.DOUBLE;
        };
    }

    private void lane(int sub, int index) {
        Lane lane = laneOf(sub);
        if (sub < SimdOps.FIRST_LANE) {
            terms.give(VectorTerm.splat(lane, narrowed(lane, terms.takeScalar(lane.type))));
        } else if (SimdOps.shape(sub).endsWith("v")) {
            Consumer<Bytecode> scalar = terms.takeScalar(lane.type);
            terms.give(terms.take().as(lane).withLane(index, narrowed(lane, scalar)));
        } else {
            terms.take().as(lane).lane(index).accept(out);
            if (sub == 0x16 || sub == 0x19) {
                out.constant(sub == 0x16 ? 0xFF : 0xFFFF);
                out.op(Opcodes.IAND);
            }
            operands.pushJvm(lane.type);
        }
    }

    /** A scalar as the API wants it for a lane. */
    static Consumer<Bytecode> narrowed(Lane lane, Consumer<Bytecode> scalar) {
        return lane != Lane.BYTE && lane != Lane.SHORT
                ? scalar
                : code -> {
                    scalar.accept(code);
                    code.op(lane == Lane.BYTE ? Opcodes.I2B : Opcodes.I2S);
                };
    }

    private void bits(int sub) {
        VectorTerm last = terms.take().as(Lane.LONG);
        switch (sub) {
            case 0x4D -> terms.give(last.apply("NOT"));
            case 0x4E -> terms.give(terms.take().as(Lane.LONG).apply("AND", last));
            case 0x4F -> terms.give(terms.take().as(Lane.LONG).apply("AND_NOT", last));
            case 0x50 -> terms.give(terms.take().as(Lane.LONG).apply("OR", last));
            case 0x51 -> terms.give(terms.take().as(Lane.LONG).apply("XOR", last));
            case 0x52 -> {
                VectorTerm unset = terms.take();
                VectorTerm set = terms.take().as(Lane.LONG);
                terms.give(set.apply("XOR", unset).apply("AND", last).apply("XOR", unset));
            }
            default -> anyTrue(last);
        }
    }

    /** The sign of {@code x | -x} tells whether any bit is set. */
    private void anyTrue(VectorTerm vector) {
        vector.lane(0).accept(out);
        vector.lane(1).accept(out);
        out.op(Opcodes.LOR);
        out.op(Opcodes.DUP2);
        out.op(Opcodes.LNEG);
        out.op(Opcodes.LOR);
        out.constant(63);
        out.op(Opcodes.LUSHR);
        out.op(Opcodes.L2I);
        operands.pushJvm(JavaType.INT);
    }
}
