package dev.bulkhead.contract.abi;

import java.util.Locale;

/** The WebAssembly types that cross the wall. */
public enum ValueType {
    I32,
    I64,
    F64;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
