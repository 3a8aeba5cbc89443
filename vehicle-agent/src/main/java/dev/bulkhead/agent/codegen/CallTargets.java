package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Where the calls of a module's code lead that are no plain ones: what types are called indirectly, and who makes tail calls to what. */
final class CallTargets {
    private final WasmModule module;
    private final Map<FuncType, Integer> dispatched = new LinkedHashMap<>();
    private final BitSet tailCallers = new BitSet();
    private final Set<Integer> tailFunctions = new LinkedHashSet<>();
    private final Set<FuncType> tailTypes = new LinkedHashSet<>();

    CallTargets(WasmModule module) {
        this.module = module;
    }

    void add(Code code) {
        tailCallers.set(code.function(), TailCalls.in(code));
        for (int i = 0; i < code.size(); i++) {
            switch (code.op(i)) {
                case Op.CALL_INDIRECT -> dispatched.putIfAbsent(type(code.a(i)), dispatched.size());
                case Op.RETURN_CALL -> tailFunctions.add(code.a(i));
                case Op.RETURN_CALL_INDIRECT -> tailTypes.add(type(code.a(i)));
                default -> {}
            }
        }
    }

    private FuncType type(int index) {
        return module.types().get(index);
    }

    /** The types of indirect calls, each with its number. Types that compare equal are one. */
    Map<FuncType, Integer> dispatched() {
        return dispatched;
    }

    boolean makesTailCalls(int function) {
        return tailCallers.get(function);
    }

    Set<Integer> tailFunctions() {
        return tailFunctions;
    }

    Set<FuncType> tailTypes() {
        return tailTypes;
    }
}
