package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FunctionDecoder;
import dev.bulkhead.agent.wasm.ReaderLimits;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;

/** Validates every function body and writes the module's classes, with two threads where there is enough to do. The same module gives the same bytes. */
public final class ModuleCompiler {
    /** Raised with every change of the code written or of what it charges: part of the compile cache's key. */
    public static final int VERSION = 14;

    private final WasmModule module;
    private final ReaderLimits limits;
    private final FunctionRefs refs;
    private final CallGraph graph;
    private final FrameSizes frames;
    private final Prepaid prepaid;
    private final CallTargets targets;

    private ModuleCompiler(WasmModule module, ReaderLimits limits) {
        this.module = module;
        this.limits = limits;
        this.refs = FunctionRefs.of(module);
        this.graph = new CallGraph(module, refs);
        this.frames = new FrameSizes(module.functionCount());
        this.prepaid = new Prepaid(module);
        this.targets = new CallTargets(module);
    }

    /**
     * Compiles a module.
     *
     * @throws dev.bulkhead.agent.wasm.WasmFormatException if a body does not validate
     * @throws NotCompilableException if a function, or a group of them, is beyond what the format of JVM classes can hold
     */
    public static GeneratedModule compile(WasmModule module, ReaderLimits limits, CodeForm form) {
        return new ModuleCompiler(module, limits).compile(form);
    }

    private boolean declaresVectors() {
        return module.globals().stream().anyMatch(global -> global.type() == ValType.V128)
                || module.types().stream()
                        .anyMatch(type -> type.params().contains(ValType.V128)
                                || type.results().contains(ValType.V128));
    }

    private GeneratedModule compile(CodeForm form) {
        boolean vectors = declaresVectors();
        for (int function = module.importedFunctions().size(); function < module.functionCount(); function++) {
            Code code = decode(function);
            graph.add(code);
            frames.add(code);
            prepaid.add(code);
            vectors |= code.usesVectors();
            targets.add(code);
        }
        graph.close();
        ModuleShape shape = new ModuleShape(module, refs, graph, frames, prepaid, targets, vectors, form);
        Map<String, byte[]> classes = new LinkedHashMap<>();
        SideBySide.results(shape.classCount(), number -> functionClasses(shape, number))
                .forEach(classes::putAll);
        DispatchWriter.write(shape, classes);
        TailCalls.writeDispatch(shape, classes);
        StateWriter.write(shape, classes);
        return new GeneratedModule(classes);
    }

    private Code decode(int function) {
        return FunctionDecoder.decode(module, function, limits);
    }

    private Map<String, byte[]> functionClasses(ModuleShape shape, int number) {
        FunctionClasses classes = new FunctionClasses(shape, number);
        int end = Math.min(ModuleShape.firstOfClass(number + 1), module.functionCount());
        RecursiveInliner inliner =
                new RecursiveInliner(module, graph, callee -> prepaid.contains(callee) ? decode(callee) : null);
        for (int function = ModuleShape.firstOfClass(number); function < end; function++) {
            if (module.isImported(function)) {
                classes.addImported(function);
            } else {
                Code code = decode(function);
                classes.add(shape.form == CodeForm.PLAIN ? code : inliner.inline(code));
            }
        }
        return classes.close();
    }

    static ClassWriter open(String name, String parent) {
        return open(name, parent, 0);
    }

    static ClassWriter open(String name, String parent, int flags) {
        ClassWriter writer = new ClassWriter(flags);
        writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, name, null, parent, null);
        return writer;
    }

    static void close(ModuleShape shape, String name, ClassWriter writer, Map<String, byte[]> classes) {
        writer.visitEnd();
        try {
            classes.put(name.replace('/', '.'), writer.toByteArray());
        } catch (MethodTooLargeException e) {
            throw TooLarge.refused(shape.module, e);
        } catch (ClassTooLargeException e) {
            throw TooLarge.refused(shape.module, e);
        }
    }
}
