package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassWriter;

/** The classes of one group of functions. Hangs on nothing that changes, so that threads can write groups side by side. One use, one thread. */
final class FunctionClasses {
    private final ModuleShape shape;
    private final String name;
    private final String secondName;
    /** What runs only when the fuel runs out. */
    private final ClassWriter second;

    private final ClassWriter first;
    private final PieceClasses pieces;

    FunctionClasses(ModuleShape shape, int number) {
        int function = ModuleShape.firstOfClass(number);
        this.shape = shape;
        this.name = shape.classOf(function);
        this.secondName = ModuleShape.secondClassOf(function);
        this.first = ModuleCompiler.open(name, "java/lang/Object");
        this.second = ModuleCompiler.open(secondName, "java/lang/Object");
        this.pieces = new PieceClasses(number);
    }

    void addImported(int function) {
        BridgeWriter.write(shape, function, first);
    }

    void add(Code code) {
        FunctionMethods.write(shape, code, first, second, pieces);
        if (shape.tailCalls(code.function())) {
            TailCalls.writeRunner(shape, code.function(), first);
        }
    }

    Map<String, byte[]> close() {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        ModuleCompiler.close(shape, name, first, classes);
        if (shape.form == CodeForm.METERED) {
            ModuleCompiler.close(shape, secondName, second, classes);
        }
        pieces.close(shape, classes);
        return classes;
    }
}
