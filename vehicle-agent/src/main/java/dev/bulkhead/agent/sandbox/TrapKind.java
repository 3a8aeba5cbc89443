package dev.bulkhead.agent.sandbox;

/** What a guest did that WebAssembly defines as a trap; the texts are those of the specification's test suite where it has one. */
public enum TrapKind {
    UNREACHABLE("unreachable"),
    MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
    TABLE_OUT_OF_BOUNDS("out of bounds table access"),
    UNDEFINED_ELEMENT("undefined element"),
    UNINITIALIZED_ELEMENT("uninitialized element"),
    INDIRECT_CALL_TYPE_MISMATCH("indirect call type mismatch"),
    INTEGER_DIVIDE_BY_ZERO("integer divide by zero"),
    INTEGER_OVERFLOW("integer overflow"),
    INVALID_CONVERSION("invalid conversion to integer"),
    NULL_REFERENCE("null reference"),
    CALL_STACK_EXHAUSTED("call stack exhausted"),
    UNCAUGHT_EXCEPTION("uncaught exception"),
    /** A host function threw: a bug of the host, contained in this instance. */
    HOST_FAULT("host function failed"),
    /** An export that must exist is missing or has another signature. */
    NO_SUCH_EXPORT("no such export");

    private final String text;

    TrapKind(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
