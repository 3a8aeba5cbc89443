package dev.bulkhead.agent.wasm;

import java.util.Locale;

/** A module is not what the specification or this product accepts. Carries the byte offset in the module. */
public final class WasmFormatException extends RuntimeException {
    /** Which door it fell at. */
    public enum Kind {
        /** Bytes that are no module. */
        MALFORMED,
        /** A module that does not validate. */
        INVALID,
        /** A feature of WebAssembly that is not accepted here. */
        UNSUPPORTED,
        /** Within the specification, beyond a limit. */
        OVER_LIMIT
    }

    private final Kind kind;
    private final int offset;

    public WasmFormatException(Kind kind, int offset, String message) {
        super(message + String.format(Locale.ROOT, " (at offset 0x%x)", offset));
        this.kind = kind;
        this.offset = offset;
    }

    public Kind kind() {
        return kind;
    }

    public int offset() {
        return offset;
    }

    private WasmFormatException(Kind kind, int offset, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.offset = offset;
    }

    WasmFormatException in(String function) {
        return new WasmFormatException(kind, offset, "in " + function + ": " + getMessage(), this);
    }

    static WasmFormatException malformed(int offset, String message) {
        return new WasmFormatException(Kind.MALFORMED, offset, message);
    }

    static WasmFormatException invalid(int offset, String message) {
        return new WasmFormatException(Kind.INVALID, offset, message);
    }

    static WasmFormatException unsupported(int offset, String message) {
        return new WasmFormatException(Kind.UNSUPPORTED, offset, message);
    }

    static WasmFormatException overLimit(int offset, String message) {
        return new WasmFormatException(Kind.OVER_LIMIT, offset, message);
    }
}
