package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes one function as one static method. One use. */
final class FunctionWriter {
    private final ModuleShape shape;
    private final Code code;
    private final OutlinePlan plan;
    private final @Nullable Region region;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final MemoryAccess memory;
    private final Calls calls;
    private final Fuel fuel;
    private final long[] costs;
    private final List<Integer> others;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Region> called = new ArrayList<>();
    private boolean dead;

    private FunctionWriter(ModuleShape shape, Code code, OutlinePlan plan, @Nullable Region region, MethodVisitor mv) {
        this.shape = shape;
        this.code = code;
        this.plan = plan;
        this.region = region;
        this.out = new Bytecode(mv);
        int params = code.type().params().size();
        List<Integer> parameters =
                region == null ? IntStream.range(0, params).boxed().toList() : region.inputs();
        this.others = region == null
                ? IntStream.range(params, code.localCount()).boxed().toList()
                : region.scratch();
        this.frame = frame(shape, code, parameters, keepsFuel());
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
        this.operands = new Operands(out, code, parameters, between, others);
        this.fuel = new Fuel(out, frame, shape.metered);
        this.memory = new MemoryAccess(out, operands, frame.memory());
        this.calls = new Calls(out, operands, shape, frame, fuel);
        this.costs = FuelCosts.of(code);
    }

    /** Writes the function's method and those of its regions. */
    static void write(ModuleShape shape, Code code, ClassVisitor to) {
        OutlinePlan plan = new OutlinePlan(shape, code);
        MethodVisitor mv = open(to, shape.bodyOf(code.function()), shape.descriptor(code.function()));
        FunctionWriter function = new FunctionWriter(shape, code, plan, null, mv);
        function.body();
        Deque<Region> open = new ArrayDeque<>(function.called);
        while (!open.isEmpty()) {
            Region region = open.pop();
            RegionResults results = new RegionResults(code, region);
            MethodVisitor method = open(
                    to,
                    ModuleShape.methodOf(code.function(), region),
                    results.descriptor(shape.graph.deep(code.function())));
            FunctionWriter writer = new FunctionWriter(shape, code, plan, region, method);
            writer.regionBody(region);
            open.addAll(writer.called);
        }
    }

    private boolean keepsFuel() {
        int from = region == null ? 0 : region.start();
        int to = region == null ? code.size() : region.end() + 1;
        return shape.metered && Fuel.wantsLocal(code, from, to);
    }

    private static MethodVisitor open(ClassVisitor to, String name, String descriptor) {
        return to.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, name, descriptor, null, null);
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

    private void body() {
        out.start();
        prologue();
        checkStack();
        fuel.charge(costs[code.size()], operands);
        blocks.add(new Block(Op.BLOCK, new FuncType(List.of(), code.type().results()), 0, -1, true));
        instructions(0, code.size());
    }

    private void regionBody(Region root) {
        out.start();
        prologue();
        blocks.add(new Block(Op.BLOCK, new FuncType(List.of(), code.type().results()), 0, -1, true));
        for (int i = 0; i < root.start(); i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE ->
                    blocks.add(new Block(code.op(i), code.blockType(code.b(i)), 0, i, true));
                case Op.END -> blocks.removeLast();
                default -> {}
            }
        }
        instructions(root.start(), root.end() + 1);
    }

    private void instructions(int from, int to) {
        int i = from;
        while (i < to) {
            i = instruction(i);
        }
        fuel.writeHandlers(operands);
        out.mv.visitMaxs(2 * Math.max(code.maxOperands(), others.size() + 64) + 12, operands.jvmLocals());
        out.mv.visitEnd();
    }

    private void prologue() {
        if (frame.memory() >= 0) {
            memory.reload(frame.state());
        }
        fuel.take();
        for (int local : others) {
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
            trap("stackExhausted");
            out.label(enough);
            operands.frame();
        }
    }

    private void trap(String which) {
        out.callStatic(RuntimeNames.STATE, which, "()" + RuntimeNames.of(RuntimeNames.TRAP));
        out.op(Opcodes.ATHROW);
    }

    /** Writes the instruction, or a short run of them; gives the index of the next. */
    private int instruction(int i) {
        int op = code.op(i);
        if (Comparisons.isComparison(op)) {
            return comparison(i);
        }
        if (NumericOps.isNumeric(op)) {
            numeric(op);
        } else if (op >= Op.FIRST_LOAD && op < Op.FIRST_STORE) {
            memory.load(op, code.imm(i));
        } else if (op >= Op.FIRST_STORE && op <= Op.LAST_STORE) {
            memory.store(op, code.imm(i));
        } else if (op >= Op.MEMORY_INIT || op == Op.TABLE_GET || op == Op.TABLE_SET) {
            bulk(op, i);
        } else if (op == Op.LOOP) {
            return loop(i);
        } else if (op < Op.DROP || op == Op.TRY_TABLE) {
            control(op, i);
        } else {
            plain(op, i);
        }
        return i + 1;
    }

    private void numeric(int op) {
        int count = NumericOps.binary(op) ? 2 : 1;
        operands.materialize(count);
        Arithmetic.write(out, op);
        operands.forget(count);
        operands.pushJvm(JavaType.of(NumericOps.result(op)));
    }

    private void plain(int op, int i) {
        switch (op) {
            case Op.DROP -> operands.drop();
            case Op.SELECT -> select();
            case Op.LOCAL_GET -> operands.pushLocal(code.a(i));
            case Op.LOCAL_SET -> setLocal(code.a(i));
            case Op.LOCAL_TEE -> {
                setLocal(code.a(i));
                operands.pushLocal(code.a(i));
            }
            case Op.GLOBAL_GET -> {
                JavaType type = shape.globalType(code.a(i));
                out.variable(Opcodes.ALOAD, frame.state());
                out.getField(RuntimeNames.INSTANCE, ModuleShape.global(code.a(i)), type.descriptor);
                operands.pushJvm(type);
            }
            case Op.GLOBAL_SET -> setGlobal(code.a(i));
            case Op.MEMORY_SIZE -> bulk(op, i);
            case Op.MEMORY_GROW -> {
                bulk(op, i);
                memory.reload(frame.state());
            }
            case Op.I32_CONST -> operands.pushConstant(JavaType.INT, code.imm(i));
            case Op.I64_CONST -> operands.pushConstant(JavaType.LONG, code.imm(i));
            case Op.F32_CONST -> operands.pushConstant(JavaType.FLOAT, code.imm(i));
            case Op.F64_CONST -> operands.pushConstant(JavaType.DOUBLE, code.imm(i));
            case Op.REF_NULL -> {
                operands.pushConstant(JavaType.of(ValType.byNumber(code.a(i))), -1);
            }
            case Op.REF_FUNC -> operands.pushConstant(JavaType.INT, shape.refs.number(code.a(i)));
            default -> throw new IllegalArgumentException("opcode " + op);
        }
    }

    private void setLocal(int local) {
        operands.beforeWrite(local);
        operands.materialize(1);
        operands.forget(1);
        out.store(operands.localType(local), operands.localIndex(local));
    }

    private void setGlobal(int global) {
        JavaType type = shape.globalType(global);
        if (operands.isJvm(0)) {
            int scratch = operands.scratch(type, 0);
            out.store(type, scratch);
            out.variable(Opcodes.ALOAD, frame.state());
            out.load(type, scratch);
        } else {
            out.variable(Opcodes.ALOAD, frame.state());
            operands.loadLazy(0);
        }
        operands.forget(1);
        out.putField(RuntimeNames.INSTANCE, ModuleShape.global(global), type.descriptor);
    }

    private void bulk(int op, int i) {
        String arguments = switch (op) {
            case Op.MEMORY_INIT, Op.MEMORY_COPY, Op.MEMORY_FILL, Op.TABLE_INIT, Op.TABLE_COPY, Op.TABLE_FILL -> "III";
            case Op.TABLE_GROW, Op.TABLE_SET -> "II";
            case Op.TABLE_GET, Op.MEMORY_GROW -> "I";
            default -> "";
        };
        String numbers = switch (op) {
            case Op.MEMORY_COPY, Op.MEMORY_FILL, Op.MEMORY_SIZE, Op.MEMORY_GROW -> "";
            case Op.TABLE_INIT, Op.TABLE_COPY -> "II";
            default -> "I";
        };
        boolean gives = op == Op.TABLE_GROW
                || op == Op.TABLE_SIZE
                || op == Op.TABLE_GET
                || op == Op.MEMORY_SIZE
                || op == Op.MEMORY_GROW;
        operands.materialize(arguments.length());
        operands.forget(arguments.length());
        fuel.giveBack();
        out.variable(Opcodes.ALOAD, frame.state());
        if (!numbers.isEmpty()) {
            out.constant(code.a(i));
        }
        if (numbers.length() == 2) {
            out.constant(code.b(i));
        }
        out.callStatic(
                RuntimeNames.STATE,
                MemoryAccess.bulkMethod(op),
                "(" + arguments + RuntimeNames.of(RuntimeNames.STATE) + numbers + ")" + (gives ? "I" : "V"));
        fuel.take();
        if (gives) {
            operands.pushJvm(JavaType.INT);
        }
    }

    // comparisons and what follows them

    private int comparison(int i) {
        int op = code.op(i);
        boolean sense = true;
        int next = i + 1;
        while (code.op(next) == Op.I32_EQZ) {
            sense = !sense;
            next++;
        }
        switch (code.op(next)) {
            case Op.BR_IF -> branchIf(op, sense, code.a(next));
            case Op.IF -> openIf(op, sense, next);
            case Op.SELECT -> select(op, sense);
            default -> {
                truth(op, sense);
                return next;
            }
        }
        return next + 1;
    }

    private boolean objectOnTop() {
        return operands.topType() == JavaType.OBJECT;
    }

    /** The comparison's value, 0 or 1. */
    private void truth(int op, boolean sense) {
        int count = Comparisons.operands(op);
        operands.materialize(count);
        boolean object = objectOnTop();
        operands.forget(count);
        Label yes = new Label();
        Label done = new Label();
        Comparisons.jump(out, op, sense, object, yes);
        out.constant(0);
        out.jump(Opcodes.GOTO, done);
        out.label(yes);
        operands.frame();
        out.constant(1);
        out.label(done);
        operands.frame(Opcodes.INTEGER);
        operands.pushJvm(JavaType.INT);
    }

    private void select() {
        operands.materialize(3);
        operands.forget(1);
        Label first = new Label();
        out.jump(Opcodes.IFNE, first);
        selectTail(first);
    }

    private void select(int op, boolean sense) {
        int count = Comparisons.operands(op);
        operands.materialize(count + 2);
        boolean object = objectOnTop();
        operands.forget(count);
        Label first = new Label();
        Comparisons.jump(out, op, sense, object, first);
        selectTail(first);
    }

    /** Two values on the JVM's stack; at {@code first} the lower one is wanted, here the upper one. */
    private void selectTail(Label first) {
        JavaType type = operands.topType();
        Label done = new Label();
        int scratch = operands.scratch(type, 0);
        int pop = type.slots == 2 ? Opcodes.POP2 : Opcodes.POP;
        out.store(type, scratch);
        out.op(pop);
        out.load(type, scratch);
        out.jump(Opcodes.GOTO, done);
        out.label(first);
        operands.frame();
        out.op(pop);
        out.label(done);
        operands.forget(1);
        operands.frame();
    }

    /** Puts the operands of a condition on an otherwise empty JVM stack. */
    private void conditionAlone(int count) {
        if (operands.jvmBeneath(count)) {
            operands.spill();
        }
        operands.materialize(count);
        operands.forget(count);
    }

    private void jumpIf(int op, boolean sense, boolean object, Label target) {
        if (op < 0) {
            out.jump(sense ? Opcodes.IFNE : Opcodes.IFEQ, target);
        } else {
            Comparisons.jump(out, op, sense, object, target);
        }
    }

    /** {@code op} is the comparison before the branch, or −1 for a plain condition. */
    private void branchIf(int op, boolean sense, int label) {
        Block block = block(label);
        boolean object = objectOnTop();
        conditionAlone(op < 0 ? 1 : Comparisons.operands(op));
        int arity = block.labelTypes().size();
        if (!block.outside && operands.inPlace(arity, block.height)) {
            jumpIf(op, sense, object, block.target());
            return;
        }
        Label on = new Label();
        jumpIf(op, !sense, object, on);
        Operands.State before = operands.save();
        leave(block);
        operands.restore(before);
        out.label(on);
        operands.frame();
    }

    // control

    private Block block(int label) {
        return blocks.get(blocks.size() - 1 - label);
    }

    /** Jumps to a block's label, or returns; the JVM's stack must hold nothing but top entries that the label takes. */
    private void leave(Block block) {
        if (block.outside) {
            giveBack(blocks.indexOf(block), block.labelTypes());
            return;
        }
        int arity = block.labelTypes().size();
        if (!operands.inPlace(arity, block.height)) {
            operands.moveDown(arity, block.height);
        }
        operands.dropJvm();
        out.jump(Opcodes.GOTO, block.target());
    }

    private void control(int op, int i) {
        switch (op) {
            case Op.NOP -> {}
            case Op.UNREACHABLE -> trap("unreachable");
            case Op.BLOCK, Op.TRY_TABLE -> open(op, i);
            case Op.IF -> openIf(-1, true, i);
            case Op.ELSE -> otherwise();
            case Op.END -> close();
            case Op.BR -> leave(block(code.a(i)));
            case Op.BR_IF -> branchIf(-1, true, code.a(i));
            case Op.BR_TABLE -> brTable(i);
            case Op.RETURN -> leave(blocks.getFirst());
            case Op.CALL -> {
                calls.direct(code.a(i));
                reloadIf(shape.graph.grows(code.a(i)));
            }
            case Op.CALL_INDIRECT -> {
                FuncType type = shape.module.types().get(code.a(i));
                calls.indirect(type, code.b(i));
                reloadIf(shape.graph.grows(type));
            }
            case Op.THROW -> raise(code.a(i));
            case Op.THROW_REF -> raiseAgain();
            case Op.RETURN_CALL -> {
                new TailCalls(out, operands, shape, frame, fuel, calls).direct(code.a(i), code.type());
            }
            case Op.RETURN_CALL_INDIRECT -> {
                FuncType type = shape.module.types().get(code.a(i));
                new TailCalls(out, operands, shape, frame, fuel, calls).indirect(type, code.b(i), code.type());
            }
            default -> throw new IllegalArgumentException("opcode " + op);
        }
        if (Op.endsFlow(op)) {
            dead = true;
        }
    }

    private void reloadIf(boolean grows) {
        if (grows && frame.memory() >= 0) {
            memory.reload(frame.state());
        }
    }

    private Block push(int op, int i) {
        FuncType type = code.blockType(code.b(i));
        operands.settle(type.params().size());
        Block block = new Block(op, type, operands.size() - type.params().size(), i, false);
        blocks.add(block);
        return block;
    }

    private void open(int op, int i) {
        Block block = push(op, i);
        if (op == Op.TRY_TABLE) {
            out.label(block.start);
        }
    }

    private int loop(int i) {
        Region outlined = plan.at(i);
        if (outlined != null && !outlined.equals(region)) {
            callRegion(outlined);
            return outlined.end() + 1;
        }
        Block block = push(Op.LOOP, i);
        out.label(block.start);
        operands.frame();
        if (outlined != null) {
            returnToBeCalledAgain();
        }
        fuel.charge(costs[i], operands);
        return i + 1;
    }

    private void returnToBeCalledAgain() {
        Label on = new Label();
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(
                RuntimeNames.STATE,
                shape.metered ? "tired" : "tiredUnmetered",
                "(" + RuntimeNames.of(RuntimeNames.STATE) + ")Z");
        out.jump(Opcodes.IFEQ, on);
        Operands.State before = operands.save();
        giveBack(Region.Exit.AGAIN, List.of());
        operands.restore(before);
        out.label(on);
        operands.frame();
    }

    /** Calls the region's method and goes where it says. */
    private void callRegion(Region outlined) {
        called.add(outlined);
        RegionResults results = new RegionResults(code, outlined);
        operands.settle(0);
        Label again = new Label();
        out.label(again);
        operands.frame();
        calls.region(outlined, results, code.function());
        int exitLocal = operands.scratch(JavaType.INT, 1);
        out.variable(Opcodes.ISTORE, exitLocal);
        for (int k = 0; k < outlined.outputs().size(); k++) {
            int local = outlined.outputs().get(k);
            calls.fromTransfer(operands.localType(local), k);
            out.store(operands.localType(local), operands.localIndex(local));
        }
        reloadIf(outlined.grows());
        Operands.State before = operands.save();
        int last = outlined.exits().size() - 1;
        for (int k = 0; k <= last; k++) {
            Label next = new Label();
            if (k < last) {
                out.variable(Opcodes.ILOAD, exitLocal);
                out.constant(k);
                out.jump(Opcodes.IF_ICMPNE, next);
            }
            if (outlined.exits().get(k).block() == Region.Exit.AGAIN) {
                out.jump(Opcodes.GOTO, again);
            } else {
                takeExit(outlined, results, k);
            }
            if (k < last) {
                operands.restore(before);
                out.label(next);
                operands.frameWith(exitLocal);
            }
        }
        if (outlined.exits().get(last).block() != Region.Exit.FALL_THROUGH) {
            // nothing comes here, but the code after the loop was validated as if something did
            operands.restore(before);
            operands.pushSlots(code.blockType(code.b(outlined.start())).results());
            operands.frame();
        }
    }

    private void takeExit(Region outlined, RegionResults results, int exit) {
        List<ValType> values = results.carried(exit);
        for (int i = 0; i < values.size(); i++) {
            JavaType type = JavaType.of(values.get(i));
            calls.fromTransfer(type, outlined.outputs().size() + i);
            operands.pushJvm(type);
        }
        int block = outlined.exits().get(exit).block();
        if (block != Region.Exit.FALL_THROUGH) {
            leave(blocks.get(block));
        }
    }

    /** Ends the method: a function with its results, a region with its outputs, what the label takes, and the exit's number. */
    private void giveBack(int block, List<ValType> values) {
        if (region == null) {
            calls.giveBack(code.type());
            return;
        }
        int outputs = region.outputs().size();
        operands.materialize(values.size());
        for (int i = values.size() - 1; i >= 0; i--) {
            calls.toTransfer(JavaType.of(values.get(i)), outputs + i);
        }
        operands.forget(values.size());
        for (int k = 0; k < outputs; k++) {
            calls.localToTransfer(region.outputs().get(k), k);
        }
        fuel.giveBack();
        out.constant(region.exitTo(block));
        out.op(Opcodes.IRETURN);
    }

    private void openIf(int op, boolean sense, int i) {
        boolean object = objectOnTop();
        int count = op < 0 ? 1 : Comparisons.operands(op);
        conditionAlone(count);
        // storing what lies beneath does not disturb the condition on the JVM's stack
        Block block = push(Op.IF, i);
        jumpIf(op, !sense, object, block.start);
    }

    private void otherwise() {
        Block block = blocks.getLast();
        if (!dead) {
            operands.settle(block.type.results().size());
            out.jump(Opcodes.GOTO, block.end);
        }
        dead = false;
        block.elseSeen = true;
        out.label(block.start);
        operands.enterLabel(block.height, block.type, true);
    }

    private void close() {
        Block block = blocks.removeLast();
        if (block.opener < 0 || (region != null && block.opener == region.start())) {
            if (!dead) {
                giveBack(block.opener < 0 ? 0 : Region.Exit.FALL_THROUGH, block.type.results());
            }
            return;
        }
        if (!dead) {
            operands.settle(block.type.results().size());
        }
        if (block.op == Op.TRY_TABLE) {
            handlers(block);
        }
        if (block.op == Op.IF && !block.elseSeen) {
            out.label(block.start);
        }
        out.label(block.end);
        operands.enterLabel(block.height, block.type, false);
        dead = false;
    }

    private void brTable(int i) {
        int count = code.b(i);
        int first = code.a(i);
        conditionAlone(1);
        Operands.State before = operands.save();
        Label[] labels = new Label[count - 1];
        Label otherwise = new Label();
        Map<Integer, Label> stubs = new LinkedHashMap<>();
        for (int k = 0; k < count; k++) {
            Block block = block(code.pool(first + k));
            boolean direct =
                    !block.outside && operands.inPlace(block.labelTypes().size(), block.height);
            Label label = direct ? block.target() : stubs.computeIfAbsent(code.pool(first + k), key -> new Label());
            if (k < count - 1) {
                labels[k] = label;
            } else {
                otherwise = label;
            }
        }
        if (count == 1) {
            out.op(Opcodes.POP);
            out.jump(Opcodes.GOTO, otherwise);
        } else {
            out.tableSwitch(0, count - 2, otherwise, labels);
        }
        stubs.forEach((label, stub) -> {
            operands.restore(before);
            out.label(stub);
            operands.frame();
            leave(block(label));
        });
    }

    // exceptions

    private void raise(int tag) {
        List<ValType> values =
                shape.module.types().get(shape.module.tagTypes().get(tag)).params();
        operands.materialize(values.size());
        for (int i = values.size() - 1; i >= 0; i--) {
            calls.toTransfer(JavaType.of(values.get(i)), i);
        }
        operands.forget(values.size());
        fuel.giveBack();
        out.constant(tag);
        out.constant(values.size());
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(
                RuntimeNames.STATE,
                "exception",
                "(II" + RuntimeNames.of(RuntimeNames.STATE) + ")" + RuntimeNames.of(RuntimeNames.EXCEPTION));
        out.op(Opcodes.ATHROW);
    }

    private void raiseAgain() {
        conditionAlone(1);
        Label present = new Label();
        out.op(Opcodes.DUP);
        out.jump(Opcodes.IFNONNULL, present);
        trap("nullReference");
        out.label(present);
        operands.frame(RuntimeNames.EXCEPTION);
        fuel.giveBack();
        out.op(Opcodes.ATHROW);
    }

    private void handlers(Block block) {
        Label end = new Label();
        Label handler = new Label();
        // padded, so that the protected range is never empty
        out.op(Opcodes.NOP);
        out.jump(Opcodes.GOTO, block.end);
        out.label(end);
        out.mv.visitTryCatchBlock(block.start, end, handler, RuntimeNames.EXCEPTION);
        out.label(handler);
        operands.setSize(block.height);
        operands.frame(RuntimeNames.EXCEPTION);
        operands.pushSlots(List.of(ValType.EXNREF));
        operands.storeSlot(JavaType.OBJECT, block.height);
        reloadIf(true);
        fuel.take();
        int pool = (int) code.imm(block.opener);
        int clauses = code.pool(pool);
        boolean all = false;
        for (int i = 0; i < clauses && !all; i++) {
            all = clause(block, pool + 1 + 3 * i);
        }
        if (!all) {
            fuel.giveBack();
            operands.loadLazy(0);
            out.op(Opcodes.ATHROW);
        }
    }

    /** Whether the clause catches everything. */
    private boolean clause(Block block, int pool) {
        int kind = code.pool(pool);
        int tag = code.pool(pool + 1);
        Block target = block(code.pool(pool + 2));
        Label next = new Label();
        Operands.State before = operands.save();
        if (tag >= 0) {
            operands.loadLazy(0);
            out.getField(RuntimeNames.EXCEPTION, "tag", "I");
            out.constant(tag);
            out.jump(Opcodes.IF_ICMPNE, next);
            payload(
                    block,
                    shape.module.types().get(shape.module.tagTypes().get(tag)).params());
        }
        if ((kind & 1) == 1) {
            operands.loadSlot(JavaType.OBJECT, block.height);
            operands.pushJvm(JavaType.OBJECT);
        }
        leave(target);
        operands.restore(before);
        if (tag >= 0) {
            out.label(next);
            operands.frame();
        }
        return tag < 0;
    }

    private void payload(Block block, List<ValType> types) {
        for (int i = 0; i < types.size(); i++) {
            JavaType type = JavaType.of(types.get(i));
            operands.loadSlot(JavaType.OBJECT, block.height);
            out.getField(RuntimeNames.EXCEPTION, "values", "[J");
            out.constant(i);
            out.op(Opcodes.LALOAD);
            out.fromBits(type);
            operands.pushJvm(type);
        }
    }
}
