package dev.bulkhead.agent.codegen;

/** Internal names of the runtime classes that generated code refers to. A test checks that they and the members used exist. */
final class RuntimeNames {
    static final String STATE = "dev/bulkhead/agent/sandbox/GuestState";
    static final String BYTES = "dev/bulkhead/agent/sandbox/GuestBytes";
    static final String MATH = "dev/bulkhead/agent/sandbox/GuestMath";
    static final String EXCEPTION = "dev/bulkhead/agent/sandbox/GuestException";
    static final String TRAP = "dev/bulkhead/agent/sandbox/TrapException";
    static final String HOST_CALL = "dev/bulkhead/agent/sandbox/HostCall";
    static final String MEMORY = "dev/bulkhead/agent/sandbox/GuestMemory";
    static final String PARTS = "dev/bulkhead/agent/sandbox/GuestParts";
    /** Of the JDK: what a v128 is within a method. */
    static final String VECTOR = "jdk/incubator/vector/ByteVector";

    static final String METER = "dev/bulkhead/agent/sandbox/CpuMeter";

    /** Package of generated classes. */
    static final String PACKAGE = "dev/bulkhead/guest/";

    /** The generated subclass of {@link #STATE}. */
    static final String INSTANCE = PACKAGE + "State";

    private RuntimeNames() {}

    static String of(String internalName) {
        return "L" + internalName + ";";
    }
}
