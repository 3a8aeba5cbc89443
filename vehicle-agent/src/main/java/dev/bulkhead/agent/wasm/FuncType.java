package dev.bulkhead.agent.wasm;

import java.util.List;

/** Parameter and result types of a function, block or tag. */
public record FuncType(List<ValType> params, List<ValType> results) {
    public FuncType {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }
}
