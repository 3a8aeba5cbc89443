package dev.bulkhead.agent.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes a method that has a case for each of many numbers. Where one switch would be too long, comparisons find the method whose switch has the number;
 * these stand in classes of their own, because one class has not the constants for all. One use.
 */
final class Cases {
    /** Keeps each method well below 8,000 bytes, beyond which the JIT never compiles it. */
    private static final int BYTES_PER_METHOD = 6_000;

    private static final int BYTES_OF_A_KEY = 8;

    /** Each has up to ten constants. */
    private static final int CASES_PER_CLASS = 4_000;

    private static final int MOST_COMPARED = 256;

    /** What is done for a number, as code that returns. */
    interface Case {
        void write(Bytecode out, int number);

        /** About how many bytes that is, or more. */
        int bytes(int number);
    }

    private final ModuleShape shape;
    private final Map<String, byte[]> classes;
    private final String name;
    private final String descriptor;
    private final int key;
    private final int stack;
    private final Case body;

    private @Nullable ClassWriter writer;
    private String owner = "";
    private int inClass;
    private int methods;

    /** A method that has the numbers from {@code first} on. */
    private record Way(int first, String owner, String method) {}

    /**
     * Prepares for one method.
     *
     * @param name what the names of further classes and their methods begin with, the method's own as a rule
     * @param descriptor of a static method with the same locals
     * @param key local that holds the number
     * @param stack most JVM stack that a case needs
     */
    Cases(
            ModuleShape shape,
            Map<String, byte[]> classes,
            String name,
            String descriptor,
            int key,
            int stack,
            Case body) {
        this.shape = shape;
        this.classes = classes;
        this.name = name;
        this.descriptor = descriptor;
        this.key = key;
        this.stack = stack;
        this.body = body;
    }

    /** Writes the method, with a case for each of the numbers, which ascend; what the others are told is a bug of the host. */
    void write(MethodVisitor mv, List<Integer> numbers) {
        List<List<Integer>> runs = runs(numbers);
        if (runs.size() <= 1) {
            code(mv, out -> switched(out, numbers));
            return;
        }
        List<Way> ways = new ArrayList<>();
        for (List<Integer> run : runs) {
            ways.add(method(run.getFirst(), run.size(), out -> switched(out, run)));
        }
        while (ways.size() > MOST_COMPARED) {
            List<Way> wider = new ArrayList<>();
            for (int from = 0; from < ways.size(); from += MOST_COMPARED) {
                List<Way> some = ways.subList(from, Math.min(ways.size(), from + MOST_COMPARED));
                wider.add(method(some.getFirst().first(), some.size(), out -> compared(out, some)));
            }
            ways = wider;
        }
        List<Way> last = ways;
        code(mv, out -> compared(out, last));
        closeClass();
    }

    private List<List<Integer>> runs(List<Integer> numbers) {
        List<List<Integer>> runs = new ArrayList<>();
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < numbers.size(); i++) {
            int more = body.bytes(numbers.get(i)) + BYTES_OF_A_KEY;
            if (bytes + more > BYTES_PER_METHOD && i > from) {
                runs.add(numbers.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        runs.add(numbers.subList(from, numbers.size()));
        return runs;
    }

    private Way method(int first, int cases, Consumer<Bytecode> code) {
        if (writer == null || inClass + cases > CASES_PER_CLASS) {
            closeClass();
            owner = RuntimeNames.PACKAGE + "Cases_" + name + methods;
            writer = ModuleCompiler.open(owner, "java/lang/Object");
            inClass = 0;
        }
        inClass += cases;
        Way way = new Way(first, owner, name + methods++);
        int access = Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC;
        code(Objects.requireNonNull(writer).visitMethod(access, way.method(), descriptor, null, null), code);
        return way;
    }

    private void closeClass() {
        if (writer != null) {
            ModuleCompiler.close(shape, owner, writer, classes);
        }
    }

    private void code(MethodVisitor mv, Consumer<Bytecode> code) {
        Bytecode out = new Bytecode(mv);
        out.start();
        code.accept(out);
        int parameters = (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 1;
        mv.visitMaxs(Math.max(stack, parameters), parameters);
        mv.visitEnd();
    }

    private void switched(Bytecode out, List<Integer> numbers) {
        if (!numbers.isEmpty()) {
            Label unknown = new Label();
            Label[] labels = numbers.stream().map(number -> new Label()).toArray(Label[]::new);
            out.variable(Opcodes.ILOAD, key);
            out.mv.visitLookupSwitchInsn(
                    unknown, numbers.stream().mapToInt(Integer::intValue).toArray(), labels);
            for (int i = 0; i < labels.length; i++) {
                label(out, labels[i]);
                body.write(out, numbers.get(i));
            }
            label(out, unknown);
        }
        out.mv.visitTypeInsn(Opcodes.NEW, "java/lang/IllegalArgumentException");
        out.op(Opcodes.DUP);
        out.mv.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/IllegalArgumentException", "<init>", "()V", false);
        out.op(Opcodes.ATHROW);
    }

    private void compared(Bytecode out, List<Way> ways) {
        if (ways.size() == 1) {
            int local = 0;
            for (Type argument : Type.getArgumentTypes(descriptor)) {
                out.variable(argument.getOpcode(Opcodes.ILOAD), local);
                local += argument.getSize();
            }
            out.callStatic(ways.getFirst().owner(), ways.getFirst().method(), descriptor);
            out.op(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
            return;
        }
        int middle = ways.size() / 2;
        Label above = new Label();
        out.variable(Opcodes.ILOAD, key);
        out.constant(ways.get(middle).first());
        out.jump(Opcodes.IF_ICMPGE, above);
        compared(out, ways.subList(0, middle));
        label(out, above);
        compared(out, ways.subList(middle, ways.size()));
    }

    /** The locals are the parameters, as where the method starts. */
    private static void label(Bytecode out, Label label) {
        out.label(label);
        out.mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
}
