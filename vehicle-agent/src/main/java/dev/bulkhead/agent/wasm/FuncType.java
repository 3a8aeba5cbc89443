package dev.bulkhead.agent.wasm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parameter and result types of a function, block or tag. */
public record FuncType(List<ValType> params, List<ValType> results) {
    public FuncType {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }

    // written out: a record's own are linked when first used, which an app's start would wait for

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FuncType type && params.equals(type.params) && results.equals(type.results);
    }

    @Override
    public int hashCode() {
        return 31 * params.hashCode() + results.hashCode();
    }
}
