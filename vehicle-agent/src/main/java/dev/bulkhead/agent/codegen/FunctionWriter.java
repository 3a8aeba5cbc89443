package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes one function as one static method, or a region of it as another: hands each instruction to the writer of its kind. One use. */
final class FunctionWriter {
    private final MethodParts parts;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Fuel fuel;
    private final long[] costs;
    private final OpenBlocks blocks;
    private final Conditions conditions;
    private final Branches branches;
    private final RegionCalls regions;
    private final ControlFlow control;
    private final Values values;
    private final BulkOperations bulk;

    private FunctionWriter(ModuleShape shape, Code code, OutlinePlan plan, @Nullable Region region, MethodVisitor mv) {
        this.parts = MethodParts.of(shape, code, region, mv);
        this.code = code;
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.fuel = parts.fuel();
        this.costs = FuelCosts.of(code);
        this.blocks = new OpenBlocks(parts);
        this.conditions = new Conditions(parts);
        this.branches = new Branches(parts, blocks, conditions);
        this.regions = new RegionCalls(parts, blocks);
        Exceptions exceptions = new Exceptions(parts, blocks, conditions);
        this.control = new ControlFlow(parts, plan, costs, blocks, conditions, branches, regions, exceptions);
        this.values = new Values(parts, conditions);
        this.bulk = new BulkOperations(parts);
    }

    /** Writes the function's method and those of its regions. */
    static void write(ModuleShape shape, Code code, ClassVisitor to) {
        OutlinePlan plan = new OutlinePlan(shape, code);
        MethodVisitor mv = open(to, shape.bodyOf(code.function()), shape.descriptor(code.function()));
        FunctionWriter function = new FunctionWriter(shape, code, plan, null, mv);
        function.body();
        Deque<Region> open = new ArrayDeque<>(function.regions.called());
        while (!open.isEmpty()) {
            Region region = open.pop();
            RegionResults results = new RegionResults(code, region);
            MethodVisitor method = open(
                    to,
                    ModuleShape.methodOf(code.function(), region),
                    results.descriptor(shape.graph.deep(code.function())));
            FunctionWriter writer = new FunctionWriter(shape, code, plan, region, method);
            writer.regionBody(region);
            open.addAll(writer.regions.called());
        }
    }

    private static MethodVisitor open(ClassVisitor to, String name, String descriptor) {
        return to.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    }

    private void body() {
        out.start();
        prologue();
        checkStack();
        fuel.charge(costs[code.size()], operands);
        blocks.openFunction();
        instructions(0, code.size());
    }

    private void regionBody(Region root) {
        out.start();
        prologue();
        blocks.openAround(root);
        instructions(root.start(), root.end() + 1);
    }

    private void instructions(int from, int to) {
        int i = from;
        while (i < to) {
            i = instruction(i);
        }
        fuel.writeHandlers(operands);
        int scratch = parts.unset().size() + 64;
        out.mv.visitMaxs(2 * Math.max(code.maxOperands(), scratch) + 12, operands.jvmLocals());
        out.mv.visitEnd();
    }

    private void prologue() {
        parts.reloadIf(true);
        fuel.take();
        for (int local : parts.unset()) {
            JavaType type = operands.localType(local);
            boolean reference = code.local(local) == ValType.FUNCREF || code.local(local) == ValType.EXTERNREF;
            out.constant(type, reference ? -1 : 0);
            out.store(type, operands.localIndex(local));
        }
    }

    private void checkStack() {
        if (frame.stack() >= 0) {
            Label enough = new Label();
            out.variable(Opcodes.ILOAD, frame.stack());
            out.jump(Opcodes.IFGE, enough);
            parts.trap("stackExhausted");
            out.label(enough);
            operands.frame();
        }
    }

    /** Writes the instruction, or a short run of them; gives the index of the next. */
    private int instruction(int i) {
        int op = code.op(i);
        if (Comparisons.isComparison(op)) {
            return comparison(i);
        }
        if (op == Op.LOOP) {
            return control.loop(i);
        }
        if (NumericOps.isNumeric(op)) {
            values.numeric(op);
        } else if (op >= Op.FIRST_LOAD && op < Op.FIRST_STORE) {
            parts.memory().load(op, code.imm(i));
        } else if (op >= Op.FIRST_STORE && op <= Op.LAST_STORE) {
            parts.memory().store(op, code.imm(i));
        } else if (BulkOperations.isBulk(op)) {
            bulk.write(op, i);
        } else if (op < Op.DROP || op == Op.TRY_TABLE) {
            control.write(op, i);
        } else {
            values.plain(op, i);
        }
        return i + 1;
    }

    /** A comparison with what follows it: negations, then a branch, an if or a select that takes its value. */
    private int comparison(int i) {
        int op = code.op(i);
        boolean sense = true;
        int next = i + 1;
        while (code.op(next) == Op.I32_EQZ) {
            sense = !sense;
            next++;
        }
        switch (code.op(next)) {
            case Op.BR_IF -> branches.onCondition(op, sense, code.a(next));
            case Op.IF -> control.openIf(op, sense, next);
            case Op.SELECT -> conditions.select(op, sense);
            default -> {
                conditions.truth(op, sense);
                return next;
            }
        }
        return next + 1;
    }
}
