package dev.bulkhead.agent.sandbox;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/**
 * {@code sun.misc.Unsafe}, where the JVM has it and allows it ({@code --sun-misc-unsafe-memory-access}, JEP 498) and the processor accesses memory as a
 * guest expects it. For {@link GuestBytes} alone.
 *
 * @param arrayStart bytes from the start of an array of bytes to its first element
 */
record JdkUnsafe(Object instance, long arrayStart) {
    /** Processors that are little-endian and access any address, whatever the width. */
    private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "aarch64");

    static Optional<JdkUnsafe> find() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN || !PROCESSORS.contains(System.getProperty("os.arch"))) {
            return Optional.empty();
        }
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            JdkUnsafe unsafe = new JdkUnsafe(
                    field.get(null), type.getField("ARRAY_BYTE_BASE_OFFSET").getInt(null));
            // throws where it is denied
            type.getMethod("getByte", Object.class, long.class).invoke(unsafe.instance, new byte[1], unsafe.arrayStart);
            return Optional.of(unsafe);
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /** One of its methods. */
    MethodHandle method(String name, MethodType type) {
        try {
            return MethodHandles.lookup().bind(instance, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
