package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may call whom, and what follows from it: which functions must keep count of the stack, and which may make the memory grow. Indirect calls go
 * through one node per type, so that the graph stays as large as the code.
 */
final class CallGraph {
    private final WasmModule module;
    private final FunctionRefs refs;
    private final List<Set<Integer>> callers = new ArrayList<>();
    private final List<Integer> calls = new ArrayList<>();
    private final Map<FuncType, Integer> typeNodes = new HashMap<>();
    private final BitSet deep = new BitSet();
    private final BitSet grows = new BitSet();

    CallGraph(WasmModule module, FunctionRefs refs) {
        this.module = module;
        this.refs = refs;
        for (int i = 0; i < module.functionCount(); i++) {
            addNode();
        }
        // what the host does, and whether it calls back, is its own affair
        grows.set(0, module.importedFunctions().size());
    }

    private int addNode() {
        callers.add(new LinkedHashSet<>());
        calls.add(0);
        return callers.size() - 1;
    }

    private void addCall(int caller, int callee) {
        if (callers.get(callee).add(caller)) {
            calls.set(caller, calls.get(caller) + 1);
        }
    }

    void add(Code code) {
        int function = code.function();
        for (int i = 0; i < code.size(); i++) {
            switch (code.op(i)) {
                case Op.CALL, Op.RETURN_CALL -> addCall(function, code.a(i));
                case Op.CALL_INDIRECT, Op.RETURN_CALL_INDIRECT ->
                    addCall(function, node(module.types().get(code.a(i))));
                case Op.MEMORY_GROW -> grows.set(function);
                default -> {}
            }
        }
    }

    private int node(FuncType type) {
        Integer known = typeNodes.get(type);
        if (known != null) {
            return known;
        }
        int node = addNode();
        typeNodes.put(type, node);
        for (int target : refs.row(type).functions()) {
            addCall(node, target);
        }
        return node;
    }

    /** To be called once all functions are added. Takes away what calls nothing that is left, again and again: every cycle, and whatever leads into one, remains. */
    void close() {
        spreadGrowth();
        deep.set(0, callers.size());
        Deque<Integer> leaves = new ArrayDeque<>();
        for (int node = 0; node < callers.size(); node++) {
            if (calls.get(node) == 0) {
                leaves.add(node);
            }
        }
        while (!leaves.isEmpty()) {
            int leaf = leaves.pop();
            deep.clear(leaf);
            for (int caller : callers.get(leaf)) {
                calls.set(caller, calls.get(caller) - 1);
                if (calls.get(caller) == 0) {
                    leaves.add(caller);
                }
            }
        }
    }

    /** To all that call what may make the memory grow. */
    private void spreadGrowth() {
        Deque<Integer> found = new ArrayDeque<>(grows.stream().boxed().toList());
        while (!found.isEmpty()) {
            for (int caller : callers.get(found.pop())) {
                if (!grows.get(caller)) {
                    grows.set(caller);
                    found.add(caller);
                }
            }
        }
    }

    /** Whether the function may make the memory grow, or what it calls. */
    boolean grows(int function) {
        return grows.get(function);
    }

    /** Whether the function is, or may call, part of a recursion: it takes the stack budget as its last parameter. */
    boolean deep(int function) {
        return deep.get(function);
    }

    boolean deep(FuncType type) {
        Integer node = typeNodes.get(type);
        return node != null && deep.get(node);
    }
}
