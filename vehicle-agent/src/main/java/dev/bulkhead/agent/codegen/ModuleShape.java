package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the code of one function must know about the module around it: where the other functions stand and how they are called. Does not change. */
final class ModuleShape {
    /** A class is read and verified as a whole when one of its functions is called first, and written as a whole by one thread. */
    private static final int FUNCTIONS_PER_CLASS = 16;

    final WasmModule module;
    final FunctionRefs refs;
    final CallGraph graph;
    final CodeForm form;
    /** Whether any function, type or global of the module has to do with vectors. */
    final boolean vectors;

    final FrameSizes frames;
    final Prepaid prepaid;
    final CallTargets targets;
    private final Map<FuncType, Integer> dispatchClasses;

    ModuleShape(
            WasmModule module,
            FunctionRefs refs,
            CallGraph graph,
            FrameSizes frames,
            Prepaid prepaid,
            CallTargets targets,
            boolean vectors,
            CodeForm form) {
        this.module = module;
        this.refs = refs;
        this.graph = graph;
        this.frames = frames;
        this.prepaid = prepaid;
        this.targets = targets;
        this.dispatchClasses = DispatchWriter.classes(targets, refs);
        this.vectors = vectors;
        this.form = form;
    }

    /** Whether the function makes tail calls: its body stands in a method of its own then, and the function's method runs what it asks for. */
    boolean tailCalls(int function) {
        return targets.makesTailCalls(function);
    }

    /** Method with the instructions of a function. */
    String bodyOf(int function) {
        return tailCalls(function) ? "b" + function : methodOf(function);
    }

    /** What a tail call of a reference asks for: numbers behind those of the functions. */
    int tailTarget(int reference) {
        return module.functionCount() + reference;
    }

    /** Class that holds a function; imports get a bridge there too. */
    String classOf(int function) {
        return RuntimeNames.PACKAGE + "F" + function / FUNCTIONS_PER_CLASS;
    }

    /** Class of what runs only when fuel runs out; loaded when that first happens. */
    static String secondClassOf(int function) {
        return RuntimeNames.PACKAGE + "S" + function / FUNCTIONS_PER_CLASS;
    }

    /** Class of the methods of regions. */
    String regionClassOf(int function) {
        return form == CodeForm.METERED ? secondClassOf(function) : classOf(function);
    }

    static int firstOfClass(int number) {
        return number * FUNCTIONS_PER_CLASS;
    }

    int classCount() {
        return (module.functionCount() + FUNCTIONS_PER_CLASS - 1) / FUNCTIONS_PER_CLASS;
    }

    static String methodOf(int function) {
        return "f" + function;
    }

    /** Method of a region; its second version's name begins with {@code s}. */
    static String methodOf(int function, Region region) {
        return methodOf(function) + "_" + region.number();
    }

    /** Method that goes on where the method of a scope was left. */
    static String secondMethodOf(int function, @Nullable Region scope) {
        return "s" + function + (scope == null ? "" : "_" + scope.number());
    }

    /** Method that gets more fuel and calls the function again. */
    static String entryMethodOf(int function) {
        return "e" + function;
    }

    boolean metered() {
        return form != CodeForm.UNMETERED;
    }

    String descriptor(int function) {
        return JavaType.descriptor(module.functionType(function), "", graph.deep(function));
    }

    /**
     * Whether a function hands the memory's array on to the calls it makes of itself: where many are written out, and none can grow it. Such a function
     * has a second method of its name, with the array for a last parameter.
     */
    boolean handsMemoryOn(Code code) {
        return code.callsInLine() && usesMemory() && !graph.grows(code.function());
    }

    String descriptorWithMemory(int function) {
        return descriptor(function).replace(")", "[B)");
    }

    /** Class of the method that dispatches indirect calls of a type. */
    String dispatchClass(FuncType type) {
        return RuntimeNames.PACKAGE + "Dispatch" + dispatchClasses.get(type);
    }

    /** Types that compare equal share one dispatcher. */
    String dispatchMethod(FuncType type) {
        return "t" + targets.dispatched().get(type);
    }

    String dispatchDescriptor(FuncType type) {
        return JavaType.descriptor(type, "I", graph.deep(type));
    }

    boolean usesMemory() {
        return module.memory().isPresent();
    }

    static String global(int index) {
        return "g" + index;
    }

    /** Field with the upper half of a global vector; the one named for the global holds the lower half. */
    static String upperHalf(int global) {
        return global(global) + "h";
    }

    JavaType globalType(int index) {
        return JavaType.of(module.globals().get(index).type());
    }
}
