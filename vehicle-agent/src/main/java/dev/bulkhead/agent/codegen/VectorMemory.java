package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.SimdOps;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/** Writes vector loads and stores. Whole vectors are bounds-checked by the Vector API against the array; parts go the way of scalars. */
final class VectorMemory {
    private static final int I32_LOAD = 0x28;
    private static final int I64_LOAD = 0x29;
    private static final int I32_LOAD8_U = 0x2D;
    private static final int I32_LOAD16_U = 0x2F;
    private static final int I32_STORE = 0x36;
    private static final int I64_STORE = 0x37;
    private static final int I32_STORE8 = 0x3A;
    private static final int I32_STORE16 = 0x3B;

    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final MemoryAccess memory;
    private final VectorOperands terms;

    VectorMemory(MethodParts parts, VectorOperands terms) {
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.memory = parts.memory();
        this.terms = terms;
    }

    void write(int sub, int lane, long offset) {
        if (sub == SimdOps.LOAD) {
            load(offset);
        } else if (sub == SimdOps.STORE) {
            store(offset);
        } else if (sub >= SimdOps.FIRST_STORE_LANE && sub <= SimdOps.LAST_STORE_LANE) {
            storeLane(integers(sub), lane, offset);
        } else if (sub >= SimdOps.FIRST_LOAD_LANE && sub < SimdOps.FIRST_STORE_LANE) {
            VectorTerm vector = terms.take();
            Lane lanes = integers(sub);
            terms.give(vector.as(lanes).withLane(lane, VectorOps.narrowed(lanes, scalar(lanes, offset))));
        } else if (sub < SimdOps.FIRST_SPLAT_LOAD) {
            Lane from = sub <= 0x02 ? Lane.BYTE : sub <= 0x04 ? Lane.SHORT : Lane.INT;
            VectorTerm loaded =
                    VectorTerm.splat(Lane.LONG, scalar(Lane.LONG, offset)).as(from);
            terms.give(IntegerLanes.extendLow(loaded, (sub & 1) == 1));
        } else if (sub == SimdOps.LOAD32_ZERO || sub == SimdOps.LOAD64_ZERO) {
            Lane lanes = integers(sub);
            Consumer<Bytecode> value = scalar(lanes, offset);
            terms.give(VectorTerm.zero(lanes).withLane(0, value));
        } else {
            Lane lanes = integers(sub);
            terms.give(VectorTerm.splat(lanes, VectorOps.narrowed(lanes, scalar(lanes, offset))));
        }
    }

    private static Lane integers(int sub) {
        return switch (SimdOps.accessWidth(sub)) {
            case 0 -> Lane.BYTE;
            case 1 -> Lane.SHORT;
            case 2 -> Lane.INT;
            default -> Lane.LONG;
        };
    }

    /** Loads a scalar from the address that is the top entry; for use later. */
    private Consumer<Bytecode> scalar(Lane lane, long offset) {
        memory.load(
                switch (lane) {
                    case BYTE -> I32_LOAD8_U;
                    case SHORT -> I32_LOAD16_U;
                    case INT, FLOAT -> I32_LOAD;
                    case LONG, DOUBLE -> I64_LOAD;
                },
                offset);
        return terms.takeScalar(lane.type);
    }

    private void storeLane(Lane lane, int index, long offset) {
        terms.take().as(lane).lane(index).accept(out);
        operands.pushJvm(lane.type);
        memory.store(
                switch (lane) {
                    case BYTE -> I32_STORE8;
                    case SHORT -> I32_STORE16;
                    case INT, FLOAT -> I32_STORE;
                    case LONG, DOUBLE -> I64_STORE;
                },
                offset);
    }

    private void load(long offset) {
        int saved = memory.saveIfJvm(0, JavaType.INT);
        out.getStatic(Lane.BYTE.owner, "SPECIES_128", Lane.SPECIES);
        out.variable(Opcodes.ALOAD, frame.memory());
        memory.index(0, saved, offset);
        operands.forget(1);
        out.callStatic(Lane.BYTE.owner, "fromArray", "(" + Lane.SPECIES + "[BI)" + Lane.BYTE.descriptor);
        operands.pushJvm(JavaType.VECTOR);
    }

    private void store(long offset) {
        VectorTerm vector = terms.take();
        int saved = memory.saveIfJvm(0, JavaType.INT);
        vector.write(out);
        out.variable(Opcodes.ALOAD, frame.memory());
        memory.index(0, saved, offset);
        operands.forget(1);
        out.callVirtual(Lane.BYTE.owner, "intoArray", "([BI)V");
    }
}
