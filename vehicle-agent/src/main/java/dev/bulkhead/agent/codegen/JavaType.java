package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import org.objectweb.asm.Opcodes;

/** How WebAssembly types look on the JVM. References to functions and of the host are numbers; exceptions and vectors are objects. */
@SuppressWarnings("ImmutableEnumChecker") // frame is a String or an Integer, as ASM wants it
enum JavaType {
    INT("I", 1, Opcodes.ILOAD, Opcodes.ISTORE, Opcodes.IRETURN, Opcodes.INTEGER),
    LONG("J", 2, Opcodes.LLOAD, Opcodes.LSTORE, Opcodes.LRETURN, Opcodes.LONG),
    FLOAT("F", 1, Opcodes.FLOAD, Opcodes.FSTORE, Opcodes.FRETURN, Opcodes.FLOAT),
    DOUBLE("D", 2, Opcodes.DLOAD, Opcodes.DSTORE, Opcodes.DRETURN, Opcodes.DOUBLE),
    OBJECT(
            RuntimeNames.of(RuntimeNames.EXCEPTION),
            1,
            Opcodes.ALOAD,
            Opcodes.ASTORE,
            Opcodes.ARETURN,
            RuntimeNames.EXCEPTION),
    /** A vector of the JDK's Vector API within a method; between methods it goes as two halves, so that it never becomes an object. */
    VECTOR(
            RuntimeNames.of(RuntimeNames.VECTOR),
            1,
            Opcodes.ALOAD,
            Opcodes.ASTORE,
            Opcodes.ARETURN,
            RuntimeNames.VECTOR);

    final String descriptor;
    final int slots;
    final int load;
    final int store;
    final int give;
    final Object frame;

    JavaType(String descriptor, int slots, int load, int store, int give, Object frame) {
        this.descriptor = descriptor;
        this.slots = slots;
        this.load = load;
        this.store = store;
        this.give = give;
        this.frame = frame;
    }

    static JavaType of(ValType type) {
        return switch (type) {
            case I32, FUNCREF, EXTERNREF -> INT;
            case I64 -> LONG;
            case F32 -> FLOAT;
            case F64 -> DOUBLE;
            case EXNREF -> OBJECT;
            case V128 -> VECTOR;
        };
    }

    /** Descriptor as a parameter of a method. */
    String passed() {
        return this == VECTOR ? "JJ" : descriptor;
    }

    /** JVM locals a parameter takes. */
    int passedSlots() {
        return this == VECTOR ? 4 : slots;
    }

    /** Hands on a parameter that stands at a JVM local; gives the next one's. */
    int loadPassed(Bytecode out, int local) {
        out.load(returned(), local);
        if (this == VECTOR) {
            out.load(LONG, local + LONG.slots);
        }
        return local + passedSlots();
    }

    /** What a method gives back for it; of a vector the lower half, the upper one by way of the state. */
    JavaType returned() {
        return this == VECTOR ? LONG : this;
    }

    static String resultDescriptor(FuncType type) {
        return type.results().isEmpty() ? "V" : of(type.results().getFirst()).returned().descriptor;
    }

    static int giveOpcode(FuncType type) {
        return type.results().isEmpty()
                ? Opcodes.RETURN
                : of(type.results().getFirst()).returned().give;
    }

    /** Parameters, then {@code more}, then the state, then the stack budget if the function keeps count of it. */
    static String descriptor(FuncType type, String more, boolean deep) {
        StringBuilder text = new StringBuilder("(");
        for (ValType param : type.params()) {
            text.append(of(param).passed());
        }
        return text.append(more)
                .append(RuntimeNames.of(RuntimeNames.INSTANCE))
                .append(deep ? "I" : "")
                .append(')')
                .append(resultDescriptor(type))
                .toString();
    }
}
