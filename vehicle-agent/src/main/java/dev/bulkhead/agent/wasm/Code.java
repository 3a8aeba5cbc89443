package dev.bulkhead.agent.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One validated function body as flat arrays; instructions that can never run are left out. For instruction {@code i}:
 * <ul>
 *   <li>block, loop, if, try_table: {@code a} = index of its end, {@code b} = number of its {@link #blockType}, {@code imm} = index of
 *       its else (if) or of its catch clauses in {@link #pool} (try_table), −1 when there is none;
 *   <li>else, end: {@code a} = index of the opener, −1 for the end of the function;
 *   <li>br_table: {@code a} = where its labels stand in {@link #pool}, {@code b} = how many, the default last;
 *   <li>call, call_indirect: {@code imm} = how many calls of the function itself are in line around it, see {@link Op#ENTER}; of a call also
 *       {@code b} = 1 if the memory is known not to grow in it;
 *   <li>loads and stores: {@code imm} = offset; constants: {@code imm} = bits; all others: {@code a}, {@code b} = indices as encoded.
 * </ul>
 * Whoever makes one writes it to its end and changes nothing afterwards.
 */
public final class Code {
    private final int function;
    private final FuncType type;
    private final ValType[] locals;
    private int size;
    private int[] ops = new int[64];
    private int[] as = new int[64];
    private int[] bs = new int[64];
    private long[] imms = new long[64];
    private int[] heights = new int[64];
    private int[] pool = new int[16];
    private int poolSize;
    private int maxOperands;
    private boolean vectors;
    private boolean exceptions;
    private boolean callsInLine;
    private final List<FuncType> blockTypes = new ArrayList<>();

    public Code(int function, FuncType type, ValType[] locals) {
        this.function = function;
        this.type = type;
        this.locals = locals;
        this.vectors = List.of(locals).contains(ValType.V128);
        this.exceptions = List.of(locals).contains(ValType.EXNREF);
    }

    /** Another body of the same function with the same locals, to be written. */
    public Code another() {
        Code other = new Code(function, type, locals);
        other.maxOperands = maxOperands;
        return other;
    }

    /** Whether it has a vector instruction or a local that is a vector. */
    public boolean usesVectors() {
        return vectors;
    }

    /** Whether calls of itself are written out in it. */
    public boolean callsInLine() {
        return callsInLine;
    }

    /** Whether a reference to an exception is ever one of its operands or locals. */
    public boolean usesExceptions() {
        return exceptions;
    }

    void operand(ValType type) {
        exceptions |= type == ValType.EXNREF;
    }

    public int function() {
        return function;
    }

    public FuncType type() {
        return type;
    }

    public int localCount() {
        return locals.length;
    }

    public ValType local(int index) {
        return locals[index];
    }

    /** Deepest operand stack of the body. */
    public int maxOperands() {
        return maxOperands;
    }

    public void maxOperands(int deepest) {
        maxOperands = deepest;
    }

    public int size() {
        return size;
    }

    public int op(int i) {
        return ops[i];
    }

    public int a(int i) {
        return as[i];
    }

    public int b(int i) {
        return bs[i];
    }

    public long imm(int i) {
        return imms[i];
    }

    public int pool(int index) {
        return pool[index];
    }

    /** Labels of a {@code br_table}, the default last. */
    public List<Integer> targets(int i) {
        return Arrays.stream(pool, as[i], as[i] + bs[i]).boxed().toList();
    }

    public FuncType blockType(int number) {
        return blockTypes.get(number);
    }

    /** Operands on the stack after the instruction; where it ends the flow, those around its block. */
    public int height(int i) {
        return heights[i];
    }

    /** Notes the height of what was added last. */
    void height(OperandStack operands) {
        if (size > 0) {
            heights[size - 1] = operands.size();
        }
    }

    public void height(int i, int height) {
        heights[i] = height;
    }

    /** Gives the index of what was added. */
    public int add(int op, int a, int b, long imm) {
        if (size == ops.length) {
            int longer = size * 2;
            ops = Arrays.copyOf(ops, longer);
            as = Arrays.copyOf(as, longer);
            bs = Arrays.copyOf(bs, longer);
            imms = Arrays.copyOf(imms, longer);
            heights = Arrays.copyOf(heights, longer);
        }
        vectors |= op >= Op.SIMD;
        callsInLine |= op == Op.ENTER;
        ops[size] = op;
        as[size] = a;
        bs[size] = b;
        imms[size] = imm;
        return size++;
    }

    public void a(int i, int value) {
        as[i] = value;
    }

    public void imm(int i, long value) {
        imms[i] = value;
    }

    /** Gives its place. */
    public int addPool(int value) {
        if (poolSize == pool.length) {
            pool = Arrays.copyOf(pool, poolSize * 2);
        }
        pool[poolSize] = value;
        return poolSize++;
    }

    /** Gives its number. */
    public int addBlockType(FuncType blockType) {
        blockTypes.add(blockType);
        return blockTypes.size() - 1;
    }
}
