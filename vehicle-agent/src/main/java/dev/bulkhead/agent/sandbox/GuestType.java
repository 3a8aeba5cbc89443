package dev.bulkhead.agent.sandbox;

import java.util.List;

/** A WebAssembly value type as it crosses the border. Every value travels as a {@code long}, a v128 as two, the lower half first: see {@link HostCall}. */
public enum GuestType {
    I32,
    I64,
    F32,
    F64,
    V128,
    FUNCREF,
    EXTERNREF,
    EXNREF;

    /** How many {@code long}s values of these types are together. */
    static int longs(List<GuestType> types) {
        return types.size() + (int) types.stream().filter(type -> type == V128).count();
    }
}
