package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the writers of one method share.
 *
 * @param pieces where the pieces of split methods go
 * @param parameters the scope's locals that are parameters of the method
 * @param unset the scope's locals that are not parameters of the method: they start at zero
 * @param spill if the scope is split
 * @param costs see {@link FuelCosts}
 */
@SuppressWarnings("ArrayRecordComponent") // parts handed on, never compared
record MethodParts(
        ModuleShape shape,
        PieceClasses pieces,
        Code code,
        OutlinePlan plan,
        Scope scope,
        List<Integer> parameters,
        List<Integer> unset,
        Optional<Spill> spill,
        long[] costs,
        Bytecode out,
        Operands operands,
        MethodFrame frame,
        MemoryAccess memory,
        Calls calls,
        Fuel fuel) {

    static MethodParts of(
            ModuleShape shape,
            PieceClasses pieces,
            Code code,
            OutlinePlan plan,
            Scope scope,
            long[] costs,
            MethodVisitor mv) {
        Bytecode out = new Bytecode(mv);
        List<Integer> parameters = parameters(code, scope);
        Collection<Integer> others = new LinkedHashSet<>(locals(code, scope));
        parameters.forEach(others::remove);
        List<Integer> unset = List.copyOf(others);
        Splits.Split split = scope.second() ? null : plan.split(scope.region());
        Spill spill = split == null ? null : split.spill();
        MethodFrame frame = frame(shape, code, scope, parameters, spill != null);
        Operands operands = new Operands(out, code, parameters, between(frame), unset, storage(scope, spill, frame));
        Fuel fuel = new Fuel(out, frame, shape.metered());
        MemoryAccess memory = new MemoryAccess(out, operands, frame.memory(), code.callsInLine());
        Calls calls = new Calls(out, operands, shape, frame, fuel);
        return new MethodParts(
                shape,
                pieces,
                code,
                plan,
                scope,
                parameters,
                unset,
                Optional.ofNullable(spill),
                costs,
                out,
                operands,
                frame,
                memory,
                calls,
                fuel);
    }

    private static List<Integer> parameters(Code code, Scope scope) {
        if (scope.piece() != null) {
            return scope.piece().passed() == null
                    ? List.of()
                    : scope.piece().passed().inputs();
        }
        if (scope.second()) {
            return List.of();
        }
        Region region = scope.region();
        return region == null
                ? IntStream.range(0, code.type().params().size()).boxed().toList()
                : region.inputs();
    }

    private static Collection<Integer> locals(Code code, Scope scope) {
        Piece piece = scope.piece();
        if (piece != null && piece.passed() != null) {
            return piece.passed().locals();
        }
        return piece != null && piece.leaf() ? PieceCalls.touched(code, piece) : Splits.locals(code, scope.region());
    }

    private static @Nullable SpillAccess storage(Scope scope, @Nullable Spill spill, MethodFrame frame) {
        Piece piece = scope.piece();
        return spill == null
                ? null
                : new SpillAccess(spill, frame.spill(), frame.exceptions(), piece == null || !piece.leaf());
    }

    /** A second version holds no loop that is worth it. */
    private static boolean keepsFuel(ModuleShape shape, Code code, Scope scope) {
        Region region = scope.region();
        Piece piece = scope.piece();
        int from = piece != null ? piece.start() : region == null ? 0 : region.start();
        int to = piece != null ? piece.end() : region == null ? code.size() : region.end() + 1;
        return shape.metered() && !scope.second() && Fuel.wantsLocal(code, from, to, shape.prepaid);
    }

    private static MethodFrame frame(
            ModuleShape shape, Code code, Scope scope, List<Integer> parameters, boolean split) {
        int next = 0;
        for (int local : parameters) {
            next += JavaType.of(code.local(local)).passedSlots();
        }
        int state = next++;
        int stack = shape.graph.deep(code.function()) ? next++ : -1;
        int entry = scope.second() ? next++ : -1;
        int spill = split ? next++ : -1;
        int exceptions = split && code.usesExceptions() ? next++ : -1;
        int memory = shape.usesMemory() ? next++ : -1;
        boolean inSpill = split && (scope.piece() == null || !scope.piece().leaf());
        int fuel = !inSpill && keepsFuel(shape, code, scope) ? next : -1;
        return new MethodFrame(state, stack, entry, spill, exceptions, memory, fuel, shape.frames.of(code.function()));
    }

    /** Verification types of the JVM locals between the parameters and the other locals of the function. */
    private static List<Object> between(MethodFrame frame) {
        List<Object> between = new ArrayList<>();
        between.add(RuntimeNames.INSTANCE);
        if (frame.stack() >= 0) {
            between.add(Opcodes.INTEGER);
        }
        if (frame.entry() >= 0) {
            between.add(Opcodes.INTEGER);
        }
        if (frame.spill() >= 0) {
            between.add("[J");
        }
        if (frame.exceptions() >= 0) {
            between.add("[" + RuntimeNames.of(RuntimeNames.EXCEPTION));
        }
        if (frame.memory() >= 0) {
            between.add("[B");
        }
        if (frame.fuel() >= 0) {
            between.add(Opcodes.INTEGER);
        }
        return between;
    }

    /** Traps unless the stack suffices for a call with so many in line around it. */
    void checkStack(int inLine) {
        if (frame.stack() >= 0) {
            Label enough = new Label();
            out.variable(Opcodes.ILOAD, frame.stack());
            out.constant(inLine * frame.bytes());
            out.jump(Opcodes.IF_ICMPGE, enough);
            trap("stackExhausted");
            out.label(enough);
            operands.frame();
        }
    }

    /** Throws the trap that the state's method of this name makes. */
    void trap(String which) {
        out.callStatic(RuntimeNames.STATE, which, "()" + RuntimeNames.of(RuntimeNames.TRAP));
        out.op(Opcodes.ATHROW);
    }

    /** Whether the memory's array is a parameter of the method: where its local is then, too, because such a method is never cut. */
    boolean memoryGiven() {
        return scope.region() == null && !scope.second() && shape.handsMemoryOn(code);
    }

    /**
     * Takes the memory's array from the state anew: after whatever may have grown it, and after every other call too, because to keep it, its
     * length and its place over a call takes the JIT more than to load it.
     */
    void reload() {
        if (frame.memory() >= 0) {
            memory.reload(frame.state());
        }
    }
}
