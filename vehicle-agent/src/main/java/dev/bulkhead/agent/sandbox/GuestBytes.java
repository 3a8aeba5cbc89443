package dev.bulkhead.agent.sandbox;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bytes of a guest's memory by their whole address: the unsigned sum of an instruction's operand and its offset, as a {@code long}. Generated code
 * gets handles that test an address and access it; that no access comes without its test is not left to it. The views in {@link GuestState} take an
 * {@code int}, which the JIT tests again where it has been tested already ({@code docs/RATIONALE.md}). Engine-internal.
 *
 * <p>Thread-safe.
 */
public final class GuestBytes {
    private static final Map<String, MethodHandle> ACCESSORS = new ConcurrentHashMap<>();
    private static final Optional<JdkUnsafe> UNSAFE = JdkUnsafe.find();
    private static final long ARRAY_START = UNSAFE.map(JdkUnsafe::arrayStart).orElse(0L);

    private GuestBytes() {}

    /** A type of value in memory. */
    enum Kind {
        BYTE("Byte", byte.class, 1),
        SHORT("Short", short.class, 2),
        INT("Int", int.class, 4),
        LONG("Long", long.class, 8),
        FLOAT("Float", float.class, 4),
        DOUBLE("Double", double.class, 8);

        private final String name;
        private final Class<?> type;
        private final int bytes;

        Kind(String name, Class<?> type, int bytes) {
            this.name = name;
            this.type = type;
            this.bytes = bytes;
        }

        private VarHandle view() {
            return switch (this) {
                case BYTE -> MethodHandles.arrayElementVarHandle(byte[].class);
                case SHORT -> GuestState.SHORTS;
                case INT -> GuestState.INTS;
                case LONG -> GuestState.LONGS;
                case FLOAT -> GuestState.FLOATS;
                case DOUBLE -> GuestState.DOUBLES;
            };
        }
    }

    /**
     * A constant of generated code.
     *
     * @param name {@code getInt} for {@code (byte[] memory, long address)int}, {@code putInt} for {@code (byte[] memory, long address, int value)void};
     *     likewise of Byte, Short, Long, Float and Double. Little-endian, at any address. The handle throws {@link IndexOutOfBoundsException} unless all
     *     bytes lie in the array.
     * @throws IllegalArgumentException for another name
     */
    public static MethodHandle accessor(MethodHandles.Lookup caller, String name, Class<?> type) {
        return ACCESSORS.computeIfAbsent(name, GuestBytes::make);
    }

    private static MethodHandle make(String name) {
        for (Kind kind : Kind.values()) {
            boolean get = name.equals("get" + kind.name);
            if (get || name.equals("put" + kind.name)) {
                return UNSAFE.map(unsafe -> direct(unsafe, kind, get)).orElseGet(() -> byView(kind, get));
            }
        }
        throw new IllegalArgumentException("no accessor of this name: " + name);
    }

    /** At a place in the heap. */
    static MethodHandle direct(JdkUnsafe unsafe, Kind kind, boolean get) {
        MethodHandle access = unsafe.method((get ? "get" : "put") + kind.name, signature(kind, get, Object.class));
        return checked(access.asType(signature(kind, get, byte[].class)), "place", long.class, kind);
    }

    /** The same where the JVM does not allow that. */
    static MethodHandle byView(Kind kind, boolean get) {
        MethodHandle access = kind.view().toMethodHandle(get ? VarHandle.AccessMode.GET : VarHandle.AccessMode.SET);
        return checked(access, "index", int.class, kind);
    }

    private static MethodType signature(Kind kind, boolean get, Class<?> array) {
        return get
                ? MethodType.methodType(kind.type, array, long.class)
                : MethodType.methodType(void.class, array, long.class, kind.type);
    }

    /** An access by what a test gives for the address. */
    private static MethodHandle checked(MethodHandle access, String test, Class<?> gives, Kind kind) {
        MethodType type = access.type().changeParameterType(1, long.class);
        MethodHandle tested = MethodHandles.insertArguments(
                own(test, MethodType.methodType(gives, int.class, byte[].class, long.class)), 0, kind.bytes - 1);
        MethodHandle both = MethodHandles.collectArguments(access, 1, tested);
        return type.parameterCount() == 2
                ? MethodHandles.permuteArguments(both, type, 0, 0, 1)
                : MethodHandles.permuteArguments(both, type, 0, 0, 1, 2);
    }

    private static MethodHandle own(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findStatic(GuestBytes.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    @SuppressWarnings("UnusedMethod") // by name, above
    private static long place(int more, byte[] memory, long address) {
        return ARRAY_START + Objects.checkIndex(address, (long) memory.length - more);
    }

    @SuppressWarnings("UnusedMethod") // by name, above
    private static int index(int more, byte[] memory, long address) {
        return (int) Objects.checkIndex(address, (long) memory.length - more);
    }
}
