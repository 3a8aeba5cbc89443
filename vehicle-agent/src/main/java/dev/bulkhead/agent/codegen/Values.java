package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import org.objectweb.asm.Opcodes;

/** Writes what moves single values: numeric instructions, constants, locals, globals, references. */
final class Values {
    private final ModuleShape shape;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Conditions conditions;

    Values(MethodParts parts, Conditions conditions) {
        this.shape = parts.shape();
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.conditions = conditions;
    }

    void numeric(int op) {
        int count = NumericOps.binary(op) ? 2 : 1;
        operands.materialize(count);
        Arithmetic.write(out, op);
        operands.forget(count);
        operands.pushJvm(JavaType.of(NumericOps.result(op)));
    }

    void plain(int op, int i) {
        switch (op) {
            case Op.DROP -> operands.drop();
            case Op.SELECT -> conditions.select();
            case Op.LOCAL_GET -> operands.pushLocal(code.a(i));
            case Op.LOCAL_SET -> setLocal(code.a(i));
            case Op.LOCAL_TEE -> {
                setLocal(code.a(i));
                operands.pushLocal(code.a(i));
            }
            case Op.GLOBAL_GET -> {
                getGlobal(code.a(i));
            }
            case Op.GLOBAL_SET -> setGlobal(code.a(i));
            case Op.I32_CONST -> operands.pushConstant(JavaType.INT, code.imm(i));
            case Op.I64_CONST -> operands.pushConstant(JavaType.LONG, code.imm(i));
            case Op.F32_CONST -> operands.pushConstant(JavaType.FLOAT, code.imm(i));
            case Op.F64_CONST -> operands.pushConstant(JavaType.DOUBLE, code.imm(i));
            case Op.REF_NULL -> {
                operands.pushConstant(JavaType.of(ValType.byNumber(code.a(i))), -1);
            }
            case Op.REF_FUNC -> operands.pushConstant(JavaType.INT, shape.refs.number(code.a(i)));
            default -> throw new IllegalArgumentException("opcode " + op);
        }
    }

    private void setLocal(int local) {
        operands.beforeWrite(local);
        operands.materialize(1);
        operands.forget(1);
        operands.storeLocal(local);
    }

    private void getGlobal(int global) {
        JavaType type = shape.globalType(global);
        if (type == JavaType.VECTOR) {
            VectorTerm.of(
                            code -> globalField(ModuleShape.global(global)),
                            code -> globalField(ModuleShape.upperHalf(global)))
                    .as(Lane.BYTE)
                    .write(out);
        } else {
            out.variable(Opcodes.ALOAD, frame.state());
            out.getField(RuntimeNames.INSTANCE, ModuleShape.global(global), type.descriptor);
        }
        operands.pushJvm(type);
    }

    private void globalField(String half) {
        out.variable(Opcodes.ALOAD, frame.state());
        out.getField(RuntimeNames.INSTANCE, half, JavaType.LONG.descriptor);
    }

    private void setVectorGlobal(int global) {
        operands.materialize(1);
        operands.forget(1);
        int scratch = operands.scratch(JavaType.VECTOR, 0);
        out.store(JavaType.VECTOR, scratch);
        VectorTerm halves = new VectorTerm(Lane.BYTE, code -> code.load(JavaType.VECTOR, scratch)).as(Lane.LONG);
        for (int half = 0; half < 2; half++) {
            out.variable(Opcodes.ALOAD, frame.state());
            halves.lane(half).accept(out);
            String name = half == 0 ? ModuleShape.global(global) : ModuleShape.upperHalf(global);
            out.putField(RuntimeNames.INSTANCE, name, JavaType.LONG.descriptor);
        }
    }

    private void setGlobal(int global) {
        JavaType type = shape.globalType(global);
        if (type == JavaType.VECTOR) {
            setVectorGlobal(global);
            return;
        }
        if (operands.isJvm(0)) {
            int scratch = operands.scratch(type, 0);
            out.store(type, scratch);
            out.variable(Opcodes.ALOAD, frame.state());
            out.load(type, scratch);
        } else {
            out.variable(Opcodes.ALOAD, frame.state());
            operands.loadLazy(0);
        }
        operands.forget(1);
        out.putField(RuntimeNames.INSTANCE, ModuleShape.global(global), type.descriptor);
    }
}
