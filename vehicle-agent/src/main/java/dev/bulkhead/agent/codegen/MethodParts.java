package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the writers of one method share.
 *
 * @param region the region whose method this is, null for the function's own
 * @param unset the function's locals that are not parameters of the method: they start at zero
 */
record MethodParts(
        ModuleShape shape,
        Code code,
        @Nullable Region region,
        List<Integer> unset,
        Bytecode out,
        Operands operands,
        MethodFrame frame,
        MemoryAccess memory,
        Calls calls,
        Fuel fuel) {

    static MethodParts of(ModuleShape shape, Code code, @Nullable Region region, MethodVisitor mv) {
        Bytecode out = new Bytecode(mv);
        int params = code.type().params().size();
        List<Integer> parameters =
                region == null ? IntStream.range(0, params).boxed().toList() : region.inputs();
        List<Integer> unset = region == null
                ? IntStream.range(params, code.localCount()).boxed().toList()
                : region.scratch();
        MethodFrame frame = frame(shape, code, parameters, keepsFuel(shape, code, region));
        Operands operands = new Operands(out, code, parameters, between(frame), unset);
        Fuel fuel = new Fuel(out, frame, shape.metered);
        MemoryAccess memory = new MemoryAccess(out, operands, frame.memory());
        Calls calls = new Calls(out, operands, shape, frame, fuel);
        return new MethodParts(shape, code, region, unset, out, operands, frame, memory, calls, fuel);
    }

    private static boolean keepsFuel(ModuleShape shape, Code code, @Nullable Region region) {
        int from = region == null ? 0 : region.start();
        int to = region == null ? code.size() : region.end() + 1;
        return shape.metered && Fuel.wantsLocal(code, from, to);
    }

    private static MethodFrame frame(ModuleShape shape, Code code, List<Integer> parameters, boolean keepsFuel) {
        int next = 0;
        for (int local : parameters) {
            next += JavaType.of(code.local(local)).slots;
        }
        int state = next++;
        int stack = shape.graph.deep(code.function()) ? next++ : -1;
        int memory = shape.usesMemory() ? next++ : -1;
        return new MethodFrame(state, stack, memory, keepsFuel ? next : -1, shape.frames.of(code.function()));
    }

    /** Verification types of the JVM locals between the parameters and the other locals of the function. */
    private static List<Object> between(MethodFrame frame) {
        List<Object> between = new ArrayList<>();
        between.add(RuntimeNames.INSTANCE);
        if (frame.stack() >= 0) {
            between.add(Opcodes.INTEGER);
        }
        if (frame.memory() >= 0) {
            between.add("[B");
        }
        if (frame.fuel() >= 0) {
            between.add(Opcodes.INTEGER);
        }
        return between;
    }

    /** Throws the trap that the state's method of this name makes. */
    void trap(String which) {
        out.callStatic(RuntimeNames.STATE, which, "()" + RuntimeNames.of(RuntimeNames.TRAP));
        out.op(Opcodes.ATHROW);
    }

    /** Takes the memory's array from the state anew, if what was called may have grown it. */
    void reloadIf(boolean grows) {
        if (grows && frame.memory() >= 0) {
            memory.reload(frame.state());
        }
    }
}
