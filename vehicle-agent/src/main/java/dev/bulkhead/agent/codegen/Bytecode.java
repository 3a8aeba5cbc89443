package dev.bulkhead.agent.codegen;

import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the code of one method; thin over ASM, and knows whether a frame may stand here. */
final class Bytecode {
    final MethodVisitor mv;
    private boolean fresh;

    Bytecode(MethodVisitor mv) {
        this.mv = mv;
    }

    void op(int opcode) {
        fresh = true;
        mv.visitInsn(opcode);
    }

    void variable(int opcode, int index) {
        fresh = true;
        mv.visitVarInsn(opcode, index);
    }

    void load(JavaType type, int index) {
        variable(type.load, index);
    }

    void store(JavaType type, int index) {
        variable(type.store, index);
    }

    void jump(int opcode, Label target) {
        fresh = true;
        mv.visitJumpInsn(opcode, target);
    }

    /** What follows is of this function, whatever the method's name says. */
    void line(int function) {
        Label here = new Label();
        mv.visitLabel(here);
        mv.visitLineNumber(function + 1, here);
    }

    /** Binds a label; pads with a {@code nop} where a frame stands, because two labels with different frames cannot share a place. */
    void label(Label label) {
        if (!fresh) {
            op(Opcodes.NOP);
        }
        mv.visitLabel(label);
    }

    /** A frame for the place reached. */
    void frame(Object[] locals, int localCount, Object[] stack, int stackCount) {
        if (!fresh) {
            mv.visitInsn(Opcodes.NOP);
        }
        mv.visitFrame(Opcodes.F_NEW, localCount, locals, stackCount, stack);
        fresh = false;
    }

    void start() {
        mv.visitCode();
        fresh = true;
    }

    void constant(int value) {
        fresh = true;
        if (value >= -1 && value <= 5) {
            mv.visitInsn(Opcodes.ICONST_0 + value);
        } else if (value == (byte) value) {
            mv.visitIntInsn(Opcodes.BIPUSH, value);
        } else if (value == (short) value) {
            mv.visitIntInsn(Opcodes.SIPUSH, value);
        } else {
            mv.visitLdcInsn(value);
        }
    }

    void constant(long value) {
        fresh = true;
        if (value == 0 || value == 1) {
            mv.visitInsn(value == 0 ? Opcodes.LCONST_0 : Opcodes.LCONST_1);
        } else if (value == (short) value) {
            constant((int) value);
            mv.visitInsn(Opcodes.I2L);
        } else {
            mv.visitLdcInsn(value);
        }
    }

    /** A constant of the given type from its raw bits; NaN payloads survive. */
    void constant(JavaType type, long bits) {
        switch (type) {
            case INT -> constant((int) bits);
            case LONG -> constant(bits);
            case FLOAT -> floatConstant((int) bits);
            case DOUBLE -> doubleConstant(bits);
            case OBJECT -> op(Opcodes.ACONST_NULL);
            case VECTOR -> VectorTerm.splat(Lane.LONG, bits).as(Lane.BYTE).write(this);
        }
    }

    private void floatConstant(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isNaN(value)) {
            constant(bits);
            callStatic("java/lang/Float", "intBitsToFloat", "(I)F");
        } else {
            fresh = true;
            mv.visitLdcInsn(value);
        }
    }

    private void doubleConstant(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (Double.isNaN(value)) {
            constant(bits);
            callStatic("java/lang/Double", "longBitsToDouble", "(J)D");
        } else {
            fresh = true;
            mv.visitLdcInsn(value);
        }
    }

    void callStatic(String owner, String name, String descriptor) {
        fresh = true;
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }

    void callVirtual(String owner, String name, String descriptor) {
        fresh = true;
        mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false);
    }

    /** A method handle that a bootstrap method of the runtime gives for the name, the first time it is needed. */
    void handle(String owner, String bootstrap, String name) {
        fresh = true;
        Handle method = new Handle(
                Opcodes.H_INVOKESTATIC,
                owner,
                bootstrap,
                "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/invoke/MethodHandle;",
                false);
        mv.visitLdcInsn(new ConstantDynamic(name, "Ljava/lang/invoke/MethodHandle;", method));
    }

    void getField(String owner, String name, String descriptor) {
        fresh = true;
        mv.visitFieldInsn(Opcodes.GETFIELD, owner, name, descriptor);
    }

    void putField(String owner, String name, String descriptor) {
        fresh = true;
        mv.visitFieldInsn(Opcodes.PUTFIELD, owner, name, descriptor);
    }

    void getStatic(String owner, String name, String descriptor) {
        fresh = true;
        mv.visitFieldInsn(Opcodes.GETSTATIC, owner, name, descriptor);
    }

    void checkCast(String type) {
        fresh = true;
        mv.visitTypeInsn(Opcodes.CHECKCAST, type);
    }

    void tableSwitch(int low, int high, Label otherwise, Label[] labels) {
        fresh = true;
        mv.visitTableSwitchInsn(low, high, otherwise, labels);
    }

    /** Raw bits in a {@code long} to a value of {@code type}, on the JVM stack. */
    void fromBits(JavaType type) {
        switch (type) {
            case INT -> op(Opcodes.L2I);
            case LONG -> {}
            case FLOAT -> {
                op(Opcodes.L2I);
                callStatic("java/lang/Float", "intBitsToFloat", "(I)F");
            }
            case DOUBLE -> callStatic("java/lang/Double", "longBitsToDouble", "(J)D");
            case OBJECT, VECTOR -> throw new IllegalArgumentException(type + " has no 64 bits");
        }
    }

    /** A value of {@code type} to its raw bits in a {@code long}. */
    void toBits(JavaType type) {
        switch (type) {
            case INT -> op(Opcodes.I2L);
            case LONG -> {}
            case FLOAT -> {
                callStatic("java/lang/Float", "floatToRawIntBits", "(F)I");
                op(Opcodes.I2L);
            }
            case DOUBLE -> callStatic("java/lang/Double", "doubleToRawLongBits", "(D)J");
            case OBJECT, VECTOR -> throw new IllegalArgumentException(type + " has no 64 bits");
        }
    }
}
