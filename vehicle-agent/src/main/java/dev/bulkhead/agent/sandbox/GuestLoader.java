package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.GeneratedModule;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;

/**
 * Loader of one module's classes. It resolves the few runtime classes generated code may name and {@code java.base}'s; a flaw in generated
 * code therefore finds nothing of the agent to call.
 */
final class GuestLoader extends ClassLoader {
    private static final Set<String> RUNTIME = Set.of(
            GuestState.class.getName(),
            GuestBytes.class.getName(),
            GuestMath.class.getName(),
            GuestException.class.getName(),
            TrapException.class.getName(),
            HostCall.class.getName(),
            GuestMemory.class.getName(),
            GuestParts.class.getName(),
            CpuMeter.class.getName());

    private final GuestClasses classes;

    private GuestLoader(GuestClasses classes) {
        super("guest", null);
        this.classes = classes;
    }

    /** A constructor {@code (GuestParts, CpuMeter)GuestState} for instances. */
    static MethodHandle load(GuestClasses classes) {
        try {
            Class<?> state = new GuestLoader(classes).loadClass(GeneratedModule.STATE_CLASS);
            return MethodHandles.publicLookup()
                    .findConstructor(state, MethodType.methodType(void.class, GuestParts.class, CpuMeter.class))
                    .asType(MethodType.methodType(GuestState.class, GuestParts.class, CpuMeter.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("generated state class does not load", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (RUNTIME.contains(name)) {
            return Class.forName(name, false, GuestState.class.getClassLoader());
        }
        byte[] bytes = classes.find(name).orElseThrow(() -> new ClassNotFoundException(name));
        return defineClass(name, bytes, 0, bytes.length);
    }
}
