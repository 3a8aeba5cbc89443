package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import dev.bulkhead.agent.wasm.ConstantExpression.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Reads and validates the constant expressions of one module, and counts their steps. */
final class ConstantReader {
    /** Of one expression. */
    private static final int MOST_STEPS = 10_000;

    private final List<WasmModule.Global> globals;
    private final int functions;
    private final boolean[] referenced;
    private final ReaderLimits limits;
    private int total;

    /**
     * @param globals the globals an expression may read: those before it
     * @param functions number of functions, imports included
     * @param referenced receives the functions that references are taken of
     */
    ConstantReader(List<WasmModule.Global> globals, int functions, boolean[] referenced, ReaderLimits limits) {
        this.globals = globals;
        this.functions = functions;
        this.referenced = referenced;
        this.limits = limits;
    }

    /**
     * Reads an expression that gives a reference: an item of an element segment.
     *
     * @return as in {@link WasmModule.ElementSegment#items}
     */
    int reference(ByteCursor in, ValType expected) {
        // nothing makes one reference of several, so there is one step, which is not kept
        List<Step> steps = read(in, expected).steps();
        total -= steps.size();
        return switch (steps.getFirst()) {
            case Step.FunctionReference reference -> reference.function();
            case Step.GlobalGet get -> WasmModule.ElementSegment.ofGlobal(get.global());
            case Step.Null none -> WasmModule.ElementSegment.NULL;
            case Step.Constant other -> throw new IllegalStateException("no reference: " + other);
            case Step.Vector other -> throw new IllegalStateException("no reference: " + other);
            case Step.Arithmetic other -> throw new IllegalStateException("no reference: " + other);
        };
    }

    ConstantExpression read(ByteCursor in, ValType expected) {
        List<Step> steps = new ArrayList<>();
        Deque<ValType> stack = new ArrayDeque<>();
        int start = in.position();
        while (true) {
            int at = in.position();
            int op = in.u8();
            bounded(op, steps.size(), at);
            switch (op) {
                case 0x0B -> {
                    if (stack.size() != 1 || stack.peek() != expected) {
                        throw invalid(start, "type mismatch: constant expression must give one " + expected);
                    }
                    return new ConstantExpression(expected, steps);
                }
                case 0x41 -> push(steps, stack, new Step.Constant(in.s32()), ValType.I32);
                case 0x42 -> push(steps, stack, new Step.Constant(in.s64()), ValType.I64);
                case 0x43 -> push(steps, stack, new Step.Constant(in.f32Bits()), ValType.F32);
                case 0x44 -> push(steps, stack, new Step.Constant(in.f64Bits()), ValType.F64);
                case 0x23 -> {
                    int global = globalIndex(in, at);
                    push(
                            steps,
                            stack,
                            new Step.GlobalGet(global),
                            globals.get(global).type());
                }
                case 0xD0 -> push(steps, stack, new Step.Null(), ValType.reference(in.u8(), at));
                case 0xD2 -> push(steps, stack, new Step.FunctionReference(function(in, at)), ValType.FUNCREF);
                case 0x6A -> arithmetic(steps, stack, ValType.I32, '+', at);
                case 0x6B -> arithmetic(steps, stack, ValType.I32, '-', at);
                case 0x6C -> arithmetic(steps, stack, ValType.I32, '*', at);
                case 0x7C -> arithmetic(steps, stack, ValType.I64, '+', at);
                case 0x7D -> arithmetic(steps, stack, ValType.I64, '-', at);
                case 0x7E -> arithmetic(steps, stack, ValType.I64, '*', at);
                case 0xFD -> push(steps, stack, vector(in, at), ValType.V128);
                default -> {
                    if (op == 0xFB) {
                        throw WasmFormatException.unsupported(at, "garbage collection is not accepted");
                    }
                    if (op > 0xD4 && op != 0xFC) {
                        throw malformed(at, "illegal opcode " + Integer.toHexString(op));
                    }
                    throw invalid(at, "constant expression required");
                }
            }
        }
    }

    private void bounded(int op, int steps, int at) {
        if (op == 0x0B) {
            total += steps;
        } else if (steps == MOST_STEPS) {
            throw overLimit(
                    at,
                    (steps + 1) + " steps or more in one constant expression, at most " + MOST_STEPS + " are accepted");
        } else if (total + steps == limits.constantSteps()) {
            throw overLimit(
                    at,
                    (total + steps + 1) + " steps or more in all constant expressions, at most "
                            + limits.constantSteps() + " are accepted");
        }
    }

    private Step vector(ByteCursor in, int at) {
        if (in.u32() != SimdOps.CONST) {
            throw invalid(at, "constant expression required");
        }
        if (!limits.vectors()) {
            throw ValType.noVectors(at);
        }
        return new Step.Vector(in.f64Bits(), in.f64Bits());
    }

    private int globalIndex(ByteCursor in, int at) {
        int global = in.u32();
        if (Integer.compareUnsigned(global, globals.size()) >= 0) {
            throw invalid(at, "unknown global " + Integer.toUnsignedString(global));
        }
        if (globals.get(global).mutable()) {
            throw invalid(at, "constant expression required: global " + global + " is mutable");
        }
        return global;
    }

    int function(ByteCursor in, int at) {
        int function = in.u32();
        if (Integer.compareUnsigned(function, functions) >= 0) {
            throw invalid(at, "unknown function " + Integer.toUnsignedString(function));
        }
        referenced[function] = true;
        return function;
    }

    private static void push(List<Step> steps, Deque<ValType> stack, Step step, ValType type) {
        steps.add(step);
        stack.push(type);
    }

    private static void arithmetic(List<Step> steps, Deque<ValType> stack, ValType type, char operator, int at) {
        ValType right = stack.poll();
        ValType left = stack.poll();
        if (left != type || right != type) {
            throw invalid(at, "type mismatch in constant expression");
        }
        push(steps, stack, new Step.Arithmetic(type, operator), type);
    }
}
