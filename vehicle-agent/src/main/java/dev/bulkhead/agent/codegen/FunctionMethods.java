package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.ValType;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes all methods of one function. One use. */
final class FunctionMethods {
    private final ModuleShape shape;
    private final Code code;
    private final OutlinePlan plan;
    private final long[] costs;
    private final ClassVisitor first;
    private final ClassVisitor second;
    private final PieceClasses pieces;

    private FunctionMethods(
            ModuleShape shape, Code code, ClassVisitor first, ClassVisitor second, PieceClasses pieces) {
        this.shape = shape;
        this.code = code;
        this.plan = new OutlinePlan(shape.module, shape.form, code);
        this.costs = FuelCosts.of(code, shape.prepaid);
        this.first = first;
        this.second = second;
        this.pieces = pieces;
    }

    /**
     * Writes a function.
     *
     * @param first class for its own method
     * @param second class for what runs only when the fuel runs out; nothing goes there unless the form is {@link CodeForm#METERED}
     * @param pieces classes for its pieces, where it is long
     */
    static void write(ModuleShape shape, Code code, ClassVisitor first, ClassVisitor second, PieceClasses pieces) {
        FunctionMethods methods = new FunctionMethods(shape, code, first, second, pieces);
        methods.function();
        switch (shape.form) {
            case METERED -> {
                if (!shape.prepaid.contains(code.function())) {
                    methods.entry();
                }
                methods.secondVersion(null);
            }
            case UNMETERED -> methods.plan.within(null).forEach(region -> methods.region(region, first));
            case PLAIN -> {}
        }
    }

    private void function() {
        String name = shape.bodyOf(code.function());
        String descriptor = shape.descriptor(code.function());
        if (shape.handsMemoryOn(code)) {
            String withMemory = shape.descriptorWithMemory(code.function());
            write(Scope.first(null), open(first, name, withMemory));
            withMemory(open(first, name, descriptor), withMemory);
        } else {
            write(Scope.first(null), open(first, name, descriptor));
        }
    }

    /** Calls the method that takes the memory's array too. */
    private void withMemory(MethodVisitor mv, String descriptor) {
        Bytecode out = new Bytecode(mv);
        out.start();
        handOn(out);
        out.variable(Opcodes.ALOAD, state());
        out.getField(RuntimeNames.STATE, "memory", "[B");
        callBody(out, descriptor);
    }

    private void write(Scope scope, MethodVisitor mv) {
        FunctionWriter.write(MethodParts.of(shape, pieces, code, plan, scope, costs, mv));
    }

    private void region(Region region, ClassVisitor to) {
        String descriptor = new RegionResults(code, region).descriptor(shape.graph.deep(code.function()));
        write(Scope.first(region), open(to, ModuleShape.methodOf(code.function(), region), descriptor));
    }

    /** Writes a scope's second version, if it has one, and what that calls. */
    private void secondVersion(@Nullable Region scope) {
        if (plan.within(scope).isEmpty()) {
            return;
        }
        // a scope that calls its loops is never left in one of them
        if (!plan.callsLoops(scope)) {
            write(
                    Scope.second(scope),
                    open(
                            second,
                            ModuleShape.secondMethodOf(code.function(), scope),
                            SecondVersions.descriptor(code, scope, shape.graph.deep(code.function()))));
        }
        for (Region region : plan.childrenOf(scope)) {
            region(region, second);
            secondVersion(region);
        }
    }

    /** Gets more fuel and calls the function again. */
    private void entry() {
        String descriptor = shape.descriptor(code.function());
        MethodVisitor mv = open(second, ModuleShape.entryMethodOf(code.function()), descriptor);
        Bytecode out = new Bytecode(mv);
        out.start();
        out.constant(Math.toIntExact(costs[code.size()]));
        out.variable(Opcodes.ALOAD, state());
        out.callStatic(RuntimeNames.STATE, "refuelToRepeat", "(I" + RuntimeNames.of(RuntimeNames.STATE) + ")V");
        handOn(out);
        callBody(out, descriptor);
    }

    private int state() {
        return BridgeWriter.parameterSlots(code.type());
    }

    /** Loads the method's parameters. */
    private void handOn(Bytecode out) {
        int local = 0;
        for (ValType param : code.type().params()) {
            local = JavaType.of(param).loadPassed(out, local);
        }
        out.variable(Opcodes.ALOAD, state());
        if (shape.graph.deep(code.function())) {
            out.variable(Opcodes.ILOAD, state() + 1);
        }
    }

    private void callBody(Bytecode out, String descriptor) {
        out.callStatic(shape.classOf(code.function()), shape.bodyOf(code.function()), descriptor);
        out.op(JavaType.giveOpcode(code.type()));
        out.mv.visitMaxs(state() + 4, state() + 2);
        out.mv.visitEnd();
    }

    private static MethodVisitor open(ClassVisitor to, String name, String descriptor) {
        return to.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    }
}
