package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.ValType;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes what throws and what catches: {@code throw}, {@code throw_ref} and the handlers of {@code try_table}. */
final class Exceptions {
    private final MethodParts parts;
    private final ModuleShape shape;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Calls calls;
    private final Fuel fuel;
    private final OpenBlocks blocks;
    private final Conditions conditions;

    Exceptions(MethodParts parts, OpenBlocks blocks, Conditions conditions) {
        this.parts = parts;
        this.shape = parts.shape();
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.calls = parts.calls();
        this.fuel = parts.fuel();
        this.blocks = blocks;
        this.conditions = conditions;
    }

    void raise(int tag) {
        List<ValType> values =
                shape.module.types().get(shape.module.tagTypes().get(tag)).params();
        operands.materialize(values.size());
        for (int i = values.size() - 1; i >= 0; i--) {
            calls.toTransfer(JavaType.of(values.get(i)), i);
        }
        operands.forget(values.size());
        fuel.giveBack();
        out.constant(tag);
        out.constant(values.size());
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(
                RuntimeNames.STATE,
                "exception",
                "(II" + RuntimeNames.of(RuntimeNames.STATE) + ")" + RuntimeNames.of(RuntimeNames.EXCEPTION));
        out.op(Opcodes.ATHROW);
    }

    void raiseAgain() {
        conditions.alone(1);
        Label present = new Label();
        out.op(Opcodes.DUP);
        out.jump(Opcodes.IFNONNULL, present);
        parts.trap("nullReference");
        out.label(present);
        operands.frame(RuntimeNames.EXCEPTION);
        fuel.giveBack();
        out.op(Opcodes.ATHROW);
    }

    /**
     * Ends the protected range of a {@code try_table} and writes its clauses, first to last.
     *
     * @param dead whether nothing comes to the end of the range
     */
    void handlers(Block block, boolean dead) {
        Label end = new Label();
        Label handler = new Label();
        if (!dead) {
            // padded, so that the protected range is never empty
            out.op(Opcodes.NOP);
            out.jump(Opcodes.GOTO, block.end);
        }
        out.label(end);
        out.mv.visitTryCatchBlock(block.start, end, handler, RuntimeNames.EXCEPTION);
        out.label(handler);
        operands.setSize(block.height);
        operands.frame(RuntimeNames.EXCEPTION);
        operands.pushSlots(List.of(ValType.EXNREF));
        operands.storeSlot(JavaType.OBJECT, block.height);
        parts.reload();
        fuel.take();
        int pool = (int) code.imm(block.opener);
        int clauses = code.pool(pool);
        boolean all = false;
        for (int i = 0; i < clauses && !all; i++) {
            all = clause(block, pool + 1 + 3 * i);
        }
        if (!all) {
            fuel.giveBack();
            operands.loadLazy(0);
            out.op(Opcodes.ATHROW);
        }
    }

    /** Whether the clause catches everything. */
    private boolean clause(Block block, int pool) {
        int kind = code.pool(pool);
        int tag = code.pool(pool + 1);
        Block target = blocks.at(code.pool(pool + 2));
        Label next = new Label();
        Operands.State before = operands.save();
        if (tag >= 0) {
            operands.loadLazy(0);
            out.getField(RuntimeNames.EXCEPTION, "tag", "I");
            out.constant(tag);
            out.jump(Opcodes.IF_ICMPNE, next);
            payload(
                    block,
                    shape.module.types().get(shape.module.tagTypes().get(tag)).params());
        }
        if ((kind & 1) == 1) {
            operands.loadSlot(JavaType.OBJECT, block.height);
            operands.pushJvm(JavaType.OBJECT);
        }
        blocks.leave(target);
        operands.restore(before);
        if (tag >= 0) {
            out.label(next);
            operands.frame();
        }
        return tag < 0;
    }

    private void payload(Block block, List<ValType> types) {
        for (int i = 0; i < types.size(); i++) {
            JavaType type = JavaType.of(types.get(i));
            int place = i;
            if (type == JavaType.VECTOR) {
                VectorTerm.of(code -> value(block, "values", place), code -> value(block, "high", place))
                        .as(Lane.BYTE)
                        .write(out);
            } else {
                value(block, "values", place);
                out.fromBits(type);
            }
            operands.pushJvm(type);
        }
    }

    private void value(Block block, String array, int index) {
        operands.loadSlot(JavaType.OBJECT, block.height);
        out.getField(RuntimeNames.EXCEPTION, array, "[J");
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }
}
