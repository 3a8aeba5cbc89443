package dev.bulkhead.agent.sandbox;

/** A WebAssembly value type as it crosses the border. Every value travels as a {@code long}: see {@link HostCall}. */
public enum GuestType {
    I32,
    I64,
    F32,
    F64,
    V128,
    FUNCREF,
    EXTERNREF,
    EXNREF
}
