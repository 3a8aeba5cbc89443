package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes one method, a function's or a region's, in its first or second version: hands each instruction to the writer of its kind. One use. */
final class FunctionWriter {
    private final MethodParts parts;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Fuel fuel;
    private final OpenBlocks blocks;
    private final Conditions conditions;
    private final Branches branches;
    private final SecondVersions seconds;
    private final ControlFlow control;
    private final boolean inPiece;
    private final Values values;
    private final BulkOperations bulk;
    private final VectorOps vectors;

    private FunctionWriter(MethodParts parts) {
        this.parts = parts;
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.fuel = parts.fuel();
        this.blocks = new OpenBlocks(parts);
        this.conditions = new Conditions(parts);
        this.branches = new Branches(parts, blocks, conditions);
        this.seconds = new SecondVersions(parts);
        RegionCalls regions = new RegionCalls(parts, blocks, seconds);
        Exceptions exceptions = new Exceptions(parts, blocks, conditions);
        PieceCalls pieces = new PieceCalls(parts, blocks);
        this.control = new ControlFlow(parts, seconds, blocks, conditions, branches, regions, pieces, exceptions);
        this.inPiece = parts.scope().piece() != null;
        this.values = new Values(parts, conditions);
        this.bulk = new BulkOperations(parts);
        this.vectors = new VectorOps(parts);
    }

    /** Writes what {@code parts} holds. */
    static void write(MethodParts parts) {
        FunctionWriter writer = new FunctionWriter(parts);
        Region region = parts.scope().region();
        if (region == null) {
            writer.body();
        } else {
            writer.regionBody(region);
        }
    }

    /** Writes a piece that is called where these blocks are open and these operands stand in the spill. */
    static PieceWays writePiece(MethodParts parts, OpenBlocks caller, List<JavaType> entries) {
        return new FunctionWriter(parts)
                .piece(Objects.requireNonNull(parts.scope().piece()), caller, entries);
    }

    private PieceWays piece(Piece piece, OpenBlocks caller, List<JavaType> entries) {
        out.start();
        prologue();
        operands.inSpill(entries);
        blocks.openAroundPiece(caller);
        Label start = new Label();
        out.label(start);
        write(piece.start(), piece.end());
        if (!control.dead()) {
            blocks.ways().goesOn(operands.entries());
            operands.putBack();
            blocks.leavePiece(PieceCalls.ON);
        }
        if (piece.passed() != null) {
            handLocalsBack(piece.passed());
        } else if (piece.leaf()) {
            putLocalsBack(piece, start, caller.insideTry());
        }
        // what nothing comes to names results that no instruction touches: the method must have room for them all the
        // same
        out.mv.visitLocalVariable("last", "I", null, start, start, operands.jvmLocals() - 1);
        finish();
        return blocks.ways();
    }

    /** What an arm ends with. */
    private void handLocalsBack(Piece.Passed passed) {
        PieceResults results = new PieceResults(code, passed, out, operands, parts.calls());
        operands.setSize(0);
        out.label(blocks.putBack());
        if (results.way()) {
            operands.frame(Opcodes.INTEGER);
        } else {
            operands.frame();
        }
        results.give();
    }

    private void putLocalsBack(Piece piece, Label start, boolean whenThrown) {
        Collection<Integer> written = PieceCalls.written(code, piece);
        Label end = new Label();
        operands.setSize(0);
        out.label(end);
        out.label(blocks.putBack());
        operands.frame(Opcodes.INTEGER);
        written.forEach(operands::putLocalBack);
        out.op(Opcodes.IRETURN);
        if (whenThrown && !written.isEmpty()) {
            Label handler = new Label();
            out.mv.visitTryCatchBlock(start, end, handler, RuntimeNames.EXCEPTION);
            out.label(handler);
            operands.frame(RuntimeNames.EXCEPTION);
            written.forEach(operands::putLocalBack);
            out.op(Opcodes.ATHROW);
        }
    }

    private void body() {
        out.start();
        prologue();
        if (!parts.scope().second()) {
            parts.checkStack(0);
            fuel.charge(
                    parts.costs()[code.size()],
                    operands,
                    parts.shape().form == CodeForm.METERED ? this::enterAgain : fuel::refuel);
        }
        blocks.openFunction();
        instructions(0, code.size());
    }

    /** Leaves for the method that gets more fuel and calls this one again. */
    private void enterAgain() {
        int params = code.type().params().size();
        for (int local = 0; local < params; local++) {
            operands.pushLocal(local);
        }
        operands.pass(params);
        operands.forget(params);
        fuel.giveBack();
        parts.calls().passState(frame.stack() >= 0);
        out.callStatic(
                ModuleShape.secondClassOf(code.function()),
                ModuleShape.entryMethodOf(code.function()),
                parts.shape().descriptor(code.function()));
        out.op(JavaType.giveOpcode(code.type()));
    }

    private void regionBody(Region root) {
        out.start();
        prologue();
        blocks.openAround(root);
        instructions(root.start(), root.end() + 1);
    }

    private void instructions(int from, int to) {
        write(from, to);
        finish();
    }

    private void write(int from, int to) {
        int i = from;
        while (i < to) {
            int behind = control.piece(i);
            i = behind >= 0 ? behind : instruction(i);
        }
    }

    private void finish() {
        seconds.finish();
        out.mv.visitMaxs(deepest(), operands.jvmLocals());
        out.mv.visitEnd();
    }

    /** Bound of the JVM's operand stack; no more than need be, because interpreted frames are as large. */
    private int deepest() {
        boolean callsRegions =
                parts.scope().second() || parts.plan().callsLoops(parts.scope().region());
        int arguments =
                Math.max(BridgeWriter.parameterSlots(code.type()), callsRegions ? OutlinePlan.MOST_PARAMETER_SLOTS : 0);
        int slots = parts.shape().vectors ? JavaType.VECTOR.passedSlots() : JavaType.LONG.slots;
        return slots * code.maxOperands() + arguments + 24;
    }

    private void prologue() {
        if (inPiece && frame.spill() >= 0) {
            parts.reload();
            fuel.take();
            if (Objects.requireNonNull(parts.scope().piece()).leaf()) {
                parts.unset().forEach(operands::takeLocal);
            }
            return;
        }
        parts.spill().ifPresent(spill -> spill.make(out, frame));
        operands.joinHalves();
        if (frame.spill() >= 0) {
            operands.spillParameters(parts.parameters());
        }
        if (!parts.memoryGiven()) {
            parts.reload();
        }
        fuel.take();
        for (int local : parts.unset()) {
            JavaType type = operands.localType(local);
            boolean reference = code.local(local) == ValType.FUNCREF || code.local(local) == ValType.EXTERNREF;
            if (reference || frame.spill() < 0) {
                out.constant(type, reference ? -1 : 0);
                operands.storeLocal(local);
            }
        }
        if (parts.scope().second()) {
            seconds.begin();
        }
    }

    /** Writes the instruction, or a short run of them; gives the index of the next. */
    private int instruction(int i) {
        int op = code.op(i);
        if (VectorOps.isVector(op)) {
            vectors.write(op, i);
            return i + 1;
        }
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
        } else if (op < Op.DROP || op == Op.TRY_TABLE || op == Op.ENTER || op == Op.LEAVE || op == Op.CHARGE) {
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
