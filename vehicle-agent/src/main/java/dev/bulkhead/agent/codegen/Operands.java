package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * The WebAssembly operand stack while a method is written. An entry is on the JVM's stack, in a JVM local of its own (its slot, one per depth
 * and type), a constant, or still a WebAssembly local not yet read. Before blocks and branches everything moves to slots: nothing lies
 * beneath a loop on the JVM's stack, so that the JIT can replace it on stack.
 */
@SuppressWarnings("EnumOrdinal") // dense tables by type
final class Operands {
    private enum Place {
        JVM,
        /** In the spill, where whoever called this piece put it. */
        SPILL,
        SLOT,
        CONSTANT,
        LOCAL
    }

    private static final int NONE = -1;
    /** Number of a scratch local that no instruction uses. */
    private static final int SPILLED_VECTOR = 30;

    private record Slot(int depth, JavaType type, int index) {}

    private final Bytecode out;
    private final int[] localIndex;
    private final JavaType[] localTypes;
    private final List<Object> fixedFrame;
    private final @Nullable SpillAccess spill;
    private final boolean inSpill;
    private final Map<Integer, Integer> halvesOf = new LinkedHashMap<>();
    private final List<Slot> slots = new ArrayList<>();
    private int[][] slotOf = new int[16][];
    private int nextLocal;
    private int live = NONE;

    private Place[] places = new Place[16];
    private JavaType[] types = new JavaType[16];
    private long[] values = new long[16];
    private int size;

    /**
     * Lays out the JVM's locals.
     *
     * @param parameters WebAssembly locals that are the method's parameters, in order
     * @param between frame entries of what follows them: state, stack budget, memory, fuel
     * @param others further WebAssembly locals
     * @param spill null if the scope is not split
     */
    Operands(
            Bytecode out,
            Code code,
            List<Integer> parameters,
            List<Object> between,
            List<Integer> others,
            @Nullable SpillAccess spill) {
        this.out = out;
        this.spill = spill;
        this.inSpill = spill != null && spill.always();
        this.localIndex = new int[code.localCount()];
        this.localTypes = new JavaType[code.localCount()];
        this.fixedFrame = new ArrayList<>();
        parameters.forEach(local -> passed(code, local));
        fixedFrame.addAll(between);
        for (Object entry : between) {
            nextLocal += Opcodes.LONG.equals(entry) ? 2 : 1;
        }
        if (inSpill) {
            parameters.forEach(local -> localTypes[local] = JavaType.of(code.local(local)));
            others.forEach(local -> localTypes[local] = JavaType.of(code.local(local)));
            return;
        }
        parameters.stream().filter(local -> code.local(local) == ValType.V128).forEach(local -> place(code, local));
        others.forEach(local -> place(code, local));
    }

    private void passed(Code code, int local) {
        if (code.local(local) == ValType.V128) {
            halvesOf.put(local, nextLocal);
            nextLocal += JavaType.VECTOR.passedSlots();
            fixedFrame.add(Opcodes.LONG);
            fixedFrame.add(Opcodes.LONG);
        } else {
            place(code, local);
        }
    }

    /** At the start of a method: puts the vectors among its parameters together, which came as two halves. */
    void joinHalves() {
        halvesOf.forEach((local, index) -> {
            VectorTerm.of(code -> code.variable(Opcodes.LLOAD, index), code -> code.variable(Opcodes.LLOAD, index + 2))
                    .as(Lane.BYTE)
                    .write(out);
            storeLocal(local);
        });
    }

    /** At the start of a method that keeps its locals in a spill: puts those there that came as parameters. */
    void spillParameters(List<Integer> parameters) {
        for (int local : parameters) {
            if (localTypes[local] != JavaType.VECTOR) {
                out.load(localTypes[local], localIndex[local]);
                storeLocal(local);
            }
        }
    }

    /** Writes the value of a local to the JVM's stack. */
    void loadLocal(int local) {
        if (inSpill) {
            loadSpilled(localTypes[local], spilled().spill().ofLocal(local));
        } else {
            out.load(localTypes[local], localIndex[local]);
        }
    }

    /** Sets a local to the JVM stack's top. */
    void storeLocal(int local) {
        if (inSpill) {
            storeSpilled(localTypes[local], spilled().spill().ofLocal(local));
        } else {
            out.store(localTypes[local], localIndex[local]);
        }
    }

    /** At the start of a piece: takes a local up from the spill. */
    void takeLocal(int local) {
        loadSpilled(localTypes[local], spilled().spill().ofLocal(local));
        out.store(localTypes[local], localIndex[local]);
    }

    /** At the end of a piece: puts a local back. */
    void putLocalBack(int local) {
        out.load(localTypes[local], localIndex[local]);
        storeSpilled(localTypes[local], spilled().spill().ofLocal(local));
    }

    private SpillAccess spilled() {
        return Objects.requireNonNull(spill);
    }

    private void loadSpilled(JavaType type, int place) {
        spilled().load(out, type, place);
    }

    private void storeSpilled(JavaType type, int place) {
        if (type == JavaType.VECTOR) {
            int vector = scratch(JavaType.VECTOR, SPILLED_VECTOR);
            out.store(JavaType.VECTOR, vector);
            spilled().storeVector(out, vector, place);
        } else {
            spilled().store(out, type, place);
        }
    }

    /** Whether entries of this type have a place in the spill instead of a JVM local. */
    private boolean spills(JavaType type) {
        return inSpill && spilled().holds(type);
    }

    /** Types of all entries, the deepest first. */
    List<JavaType> entries() {
        return List.of(Arrays.copyOf(types, size));
    }

    /** Takes what another method left in the spill for all there is. */
    void inSpill(List<JavaType> entries) {
        size = 0;
        entries.forEach(type -> push(inSpill ? Place.SLOT : Place.SPILL, type, 0));
    }

    /** Puts everything where whoever called this piece looks for it. */
    void putBack() {
        spill();
        for (int i = 0; i < size; i++) {
            if (places[i] != Place.SPILL && !(inSpill && places[i] == Place.SLOT)) {
                loadEntry(i);
                storeSpilled(types[i], spilled().spill().ofOperand(i));
            }
        }
    }

    /** Moves the top {@code count} entries to depth {@code height} and up in the spill, and leaves the JVM's stack empty; they are forgotten. */
    void putBack(int count, int height) {
        materialize(count);
        for (int i = count - 1; i >= 0; i--) {
            storeSpilled(types[size - count + i], spilled().spill().ofOperand(height + i));
        }
        size -= count;
        dropJvm();
    }

    /** Puts the top {@code count} entries on the JVM's stack as the arguments of a call. */
    void pass(int count) {
        if (!vectorAmong(count)) {
            materialize(count);
            return;
        }
        spill();
        for (int i = size - count; i < size; i++) {
            if (types[i] == JavaType.VECTOR) {
                int entry = i;
                VectorTerm vector = new VectorTerm(Lane.BYTE, code -> loadEntry(entry)).as(Lane.LONG);
                vector.lane(0).accept(out);
                vector.lane(1).accept(out);
            } else {
                loadEntry(i);
            }
        }
    }

    private boolean vectorAmong(int count) {
        for (int i = size - count; i < size; i++) {
            if (types[i] == JavaType.VECTOR) {
                return true;
            }
        }
        return false;
    }

    private void place(Code code, int local) {
        JavaType type = JavaType.of(code.local(local));
        localTypes[local] = type;
        localIndex[local] = nextLocal;
        nextLocal += type.slots;
        fixedFrame.add(type.frame);
    }

    int size() {
        return size;
    }

    JavaType localType(int local) {
        return localTypes[local];
    }

    int localIndex(int local) {
        return localIndex[local];
    }

    /** A JVM local for the moment, never live across a frame. */
    int scratch(JavaType type, int number) {
        return slot(-1 - number, type);
    }

    private int slot(int depth, JavaType type) {
        int row = depth < 0 ? -2 * depth - 1 : 2 * depth;
        if (row >= slotOf.length) {
            slotOf = Arrays.copyOf(slotOf, Math.max(row + 1, slotOf.length * 2));
        }
        if (slotOf[row] == null) {
            slotOf[row] = new int[JavaType.values().length];
        }
        int known = slotOf[row][type.ordinal()];
        if (known == 0) {
            known = nextLocal + 1;
            nextLocal += type.slots;
            slotOf[row][type.ordinal()] = known;
            slots.add(new Slot(depth, type, known - 1));
        }
        return known - 1;
    }

    // entries

    private void push(Place place, JavaType type, long value) {
        if (size == places.length) {
            places = Arrays.copyOf(places, size * 2);
            types = Arrays.copyOf(types, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        places[size] = place;
        types[size] = type;
        values[size] = value;
        size++;
    }

    /** Notes a value that the code just left on the JVM's stack. */
    void pushJvm(JavaType type) {
        push(Place.JVM, type, 0);
    }

    void pushConstant(JavaType type, long bits) {
        push(Place.CONSTANT, type, bits);
    }

    void pushLocal(int local) {
        push(Place.LOCAL, localTypes[local], local);
    }

    void pushSlots(List<ValType> pushed) {
        for (ValType type : pushed) {
            JavaType java = JavaType.of(type);
            if (!spills(java)) {
                slot(size, java);
            }
            push(Place.SLOT, java, 0);
        }
    }

    JavaType topType() {
        return types[size - 1];
    }

    JavaType type(int fromTop) {
        return types[size - 1 - fromTop];
    }

    boolean isSlot(int fromTop) {
        return places[size - 1 - fromTop] == Place.SLOT;
    }

    /** Whether all entries can pass as raw bits. */
    boolean allHaveBits() {
        for (int i = 0; i < size; i++) {
            if (types[i] == JavaType.OBJECT) {
                return false;
            }
        }
        return true;
    }

    boolean isConstant(int fromTop) {
        return places[size - 1 - fromTop] == Place.CONSTANT;
    }

    long constant(int fromTop) {
        return values[size - 1 - fromTop];
    }

    boolean isJvm(int fromTop) {
        return places[size - 1 - fromTop] == Place.JVM;
    }

    /** Forgets the top entries: the code consumed them, or they were never written. */
    void forget(int count) {
        size -= count;
    }

    void setSize(int to) {
        size = to;
    }

    /** Drops the top entry, with a {@code pop} if it is on the JVM's stack. */
    void drop() {
        if (places[size - 1] == Place.JVM) {
            out.op(types[size - 1].slots == 2 ? Opcodes.POP2 : Opcodes.POP);
        }
        size--;
    }

    /** Puts the top {@code count} entries on the JVM's stack, in order. */
    void materialize(int count) {
        int base = size - count;
        int first = base;
        while (first < size && places[first] == Place.JVM) {
            first++;
        }
        for (int i = size - 1; i > first; i--) {
            if (places[i] == Place.JVM) {
                toSlot(i);
            }
        }
        for (int i = first; i < size; i++) {
            loadEntry(i);
            places[i] = Place.JVM;
        }
    }

    /** Writes the value of a lazy entry to the JVM's stack without changing the entry; the caller forgets it. */
    void loadLazy(int fromTop) {
        loadEntry(size - 1 - fromTop);
    }

    private void loadEntry(int i) {
        switch (places[i]) {
            case CONSTANT -> out.constant(types[i], values[i]);
            case LOCAL -> loadLocal((int) values[i]);
            case SLOT -> loadSlot(types[i], i);
            case SPILL -> loadSpilled(types[i], spilled().spill().ofOperand(i));
            case JVM -> throw new IllegalStateException("entry is on the JVM stack");
        }
    }

    /** Moves an entry to its slot; if it is on the JVM's stack it must be the topmost one there. */
    private void toSlot(int i) {
        if (places[i] == Place.SLOT) {
            return;
        }
        if (places[i] != Place.JVM) {
            loadEntry(i);
        }
        storeSlot(types[i], i);
        places[i] = Place.SLOT;
    }

    /** Leaves the JVM's stack empty: before anything that may jump. */
    void spill() {
        for (int i = size - 1; i >= 0; i--) {
            if (places[i] == Place.JVM) {
                toSlot(i);
            }
        }
    }

    /** Whether an entry deeper than the top {@code count} is on the JVM's stack. */
    boolean jvmBeneath(int count) {
        for (int i = size - 1 - count; i >= 0; i--) {
            if (places[i] == Place.JVM) {
                return true;
            }
        }
        return false;
    }

    /**
     * Before a block: no JVM entries, no unread locals; the top {@code params} in their slots, constants too. In a spill that is all of them: a piece that
     * is called within the block wants them there, and what follows another way through the block must not believe that they are.
     */
    void settle(int params) {
        spill();
        for (int i = 0; i < size; i++) {
            if (i >= size - params || places[i] == Place.LOCAL || inSpill) {
                toSlot(i);
            }
        }
    }

    /** Whether the top {@code count} entries already stand where a label at {@code height} wants them. */
    boolean inPlace(int count, int height) {
        if (size - count != height) {
            return count == 0;
        }
        for (int i = height; i < size; i++) {
            if (places[i] != Place.SLOT) {
                return false;
            }
        }
        return true;
    }

    /** Moves the top {@code count} entries to the slots of depth {@code height} and up; the entries themselves are forgotten by the caller. */
    void moveDown(int count, int height) {
        materialize(count);
        for (int i = count - 1; i >= 0; i--) {
            JavaType type = types[size - count + i];
            storeSlot(type, height + i);
        }
        size -= count;
    }

    /** Stores the JVM stack's top into the slot of a label's value. */
    void storeSlot(JavaType type, int depth) {
        if (spills(type)) {
            storeSpilled(type, spilled().spill().ofOperand(depth));
        } else {
            out.store(type, slot(depth, type));
        }
    }

    void loadSlot(JavaType type, int depth) {
        if (spills(type)) {
            loadSpilled(type, spilled().spill().ofOperand(depth));
        } else {
            out.load(type, slot(depth, type));
        }
    }

    /** A local is about to get the top entry's value: entries beneath that still wait to read it are read now. */
    void beforeWrite(int local) {
        for (int i = 0; i < size - 1; i++) {
            if (places[i] == Place.LOCAL && values[i] == local) {
                toSlot(i);
            }
        }
    }

    /** Pops everything that is still on the JVM's stack: control leaves for a label that wants it empty. */
    void dropJvm() {
        for (int i = size - 1; i >= 0; i--) {
            if (places[i] == Place.JVM) {
                out.op(types[i].slots == 2 ? Opcodes.POP2 : Opcodes.POP);
                places[i] = Place.SLOT;
            }
        }
    }

    /** The entries at one point, to write several ways on from it. */
    static final class State {
        private final Place[] places;
        private final JavaType[] types;
        private final long[] values;

        private State(Place[] places, JavaType[] types, long[] values) {
            this.places = places;
            this.types = types;
            this.values = values;
        }
    }

    State save() {
        return new State(Arrays.copyOf(places, size), Arrays.copyOf(types, size), Arrays.copyOf(values, size));
    }

    void restore(State state) {
        size = state.places.length;
        System.arraycopy(state.places, 0, places, 0, size);
        System.arraycopy(state.types, 0, types, 0, size);
        System.arraycopy(state.values, 0, values, 0, size);
    }

    // frames

    /** A frame with the entries as they are, and {@code extra} on top of the JVM's stack. */
    void frame(Object... extra) {
        List<Object> stack = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (places[i] == Place.JVM) {
                stack.add(types[i].frame);
            }
        }
        stack.addAll(Arrays.asList(extra));
        List<Object> locals = new ArrayList<>(fixedFrame);
        int used = locals.size();
        for (Slot slot : slots) {
            boolean valid = slot.index == live
                    || (slot.depth >= 0
                            && slot.depth < size
                            && places[slot.depth] == Place.SLOT
                            && types[slot.depth] == slot.type);
            if (valid) {
                locals.add(slot.type.frame);
                used = locals.size();
            } else {
                for (int i = 0; i < slot.type.slots; i++) {
                    locals.add(Opcodes.TOP);
                }
            }
        }
        out.frame(locals.toArray(), used, stack.toArray(), stack.size());
    }

    /** A frame in which one more JVM local, a scratch one, is live. */
    void frameWith(int scratch) {
        live = scratch;
        frame();
        live = NONE;
    }

    /** The entries of a loop's label, its parameters in their slots. */
    void enterLatch(int height, FuncType type) {
        size = height;
        pushSlots(type.params());
    }

    /** Frame of a block's label: what lies beneath, then {@code values} in their slots. */
    void enterLabel(int height, FuncType type, boolean parameters) {
        size = height;
        pushSlots(parameters ? type.params() : type.results());
        for (int i = height; i < size; i++) {
            // a label that nothing jumps to, as behind an endless loop: no one has made the slot yet
            if (!spills(types[i])) {
                slot(i, types[i]);
            }
        }
        frame();
    }

    int jvmLocals() {
        return nextLocal;
    }
}
