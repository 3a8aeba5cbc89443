package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.ValType;

/** What a vector of 128 bits is divided into, and the class of the JDK's Vector API for it. */
enum Lane {
    BYTE("Byte", "B", JavaType.INT, 8),
    SHORT("Short", "S", JavaType.INT, 16),
    INT("Int", "I", JavaType.INT, 32),
    LONG("Long", "J", JavaType.LONG, 64),
    FLOAT("Float", "F", JavaType.FLOAT, 32),
    DOUBLE("Double", "D", JavaType.DOUBLE, 64);

    private static final String ROOM = "jdk/incubator/vector/";
    static final String VECTOR = RuntimeNames.of(ROOM + "Vector");
    static final String MASK_CLASS = ROOM + "VectorMask";
    static final String MASK = RuntimeNames.of(MASK_CLASS);
    static final String SPECIES = RuntimeNames.of(ROOM + "VectorSpecies");
    static final String OPERATORS = ROOM + "VectorOperators";

    /** Name in the API's methods, as in {@code reinterpretAsBytes}. */
    final String plural;
    /** Internal name of the vector's class. */
    final String owner;
    /** Its descriptor. */
    final String descriptor;
    /** Descriptor of one lane. */
    final String scalar;
    /** How one lane stands on the JVM's stack. */
    final JavaType type;

    final int bits;

    Lane(String name, String scalar, JavaType type, int bits) {
        this.plural = name + "s";
        this.owner = ROOM + name + "Vector";
        this.descriptor = RuntimeNames.of(owner);
        this.scalar = scalar;
        this.type = type;
        this.bits = bits;
    }

    /** Descriptor of one of the API's operators. */
    static String operator(String kind) {
        return RuntimeNames.of(OPERATORS + "$" + kind);
    }

    /** Lanes of integers as wide as these. */
    Lane integers() {
        return switch (this) {
            case FLOAT -> INT;
            case DOUBLE -> LONG;
            case BYTE, SHORT, INT, LONG -> this;
        };
    }

    /** Integer lanes twice as wide. */
    Lane wider() {
        return switch (this) {
            case BYTE -> SHORT;
            case SHORT -> INT;
            case INT, LONG, FLOAT, DOUBLE -> LONG;
        };
    }

    ValType scalarType() {
        return switch (this) {
            case BYTE, SHORT, INT -> ValType.I32;
            case LONG -> ValType.I64;
            case FLOAT -> ValType.F32;
            case DOUBLE -> ValType.F64;
        };
    }
}
