package dev.bulkhead.agent.codegen;

import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Classes for the pieces of long functions: not too much in each, so that none has more constants than the format allows. One for each group of functions. */
final class PieceClasses {
    private static final int MOST_INSTRUCTIONS = 15_000;

    private final Map<String, ClassWriter> writers = new LinkedHashMap<>();
    private final int group;
    private int count;
    private int instructions;

    PieceClasses(int group) {
        this.group = group;
    }

    /** Where the next piece stands. */
    record Place(ClassWriter writer, String owner, String method) {
        MethodVisitor open(String descriptor) {
            return writer.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, method, descriptor, null, null);
        }
    }

    Place next(int function, Piece piece) {
        instructions += piece.end() - piece.start();
        String owner = RuntimeNames.PACKAGE + "P" + group + "_" + instructions / MOST_INSTRUCTIONS;
        ClassWriter writer = writers.computeIfAbsent(owner, PieceClasses::open);
        return new Place(writer, owner, ModuleShape.methodOf(function) + "p" + count++);
    }

    /** What a piece needs of the stack is far less than what its function does, and a recursion stacks up several pieces a call. */
    private static ClassWriter open(String name) {
        return ModuleCompiler.open(name, "java/lang/Object", ClassWriter.COMPUTE_MAXS);
    }

    void close(ModuleShape shape, Map<String, byte[]> classes) {
        writers.forEach((name, writer) -> ModuleCompiler.close(shape, name, writer, classes));
    }
}
