package dev.bulkhead.agent.wasm;

/** Value types of the accepted language. */
public enum ValType {
    I32(0x7F),
    I64(0x7E),
    F32(0x7D),
    F64(0x7C),
    V128(0x7B),
    FUNCREF(0x70),
    EXTERNREF(0x6F),
    EXNREF(0x69);

    private final int code;

    ValType(int code) {
        this.code = code;
    }

    public boolean isReference() {
        return this == FUNCREF || this == EXTERNREF || this == EXNREF;
    }

    /** Reads a type that a value may have within these limits. */
    static ValType read(ByteCursor in, ReaderLimits limits) {
        int at = in.position();
        ValType type = of(in.u8(), at);
        if (type == V128 && !limits.vectors()) {
            throw noVectors(at);
        }
        return type;
    }

    static WasmFormatException noVectors(int offset) {
        return WasmFormatException.unsupported(
                offset,
                "SIMD (v128) needs a host started with --add-modules jdk.incubator.vector; start it so, or compile"
                        + " without SIMD (clang: drop -msimd128)");
    }

    /** The type that {@link Code} refers to by this number. */
    @SuppressWarnings("EnumOrdinal")
    public static ValType byNumber(int number) {
        return values()[number];
    }

    static ValType of(int code, int offset) {
        for (ValType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        if (code >= 0x63 && code <= 0x74) {
            throw WasmFormatException.unsupported(
                    offset, "garbage-collected and typed references are not accepted in a shared process");
        }
        throw WasmFormatException.malformed(offset, "malformed value type 0x" + Integer.toHexString(code));
    }

    static ValType reference(int code, int offset) {
        ValType type = of(code, offset);
        if (!type.isReference()) {
            throw WasmFormatException.malformed(offset, "malformed reference type");
        }
        return type;
    }
}
