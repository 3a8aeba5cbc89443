package dev.bulkhead.agent.codegen;

import java.util.Map;

/** Classes written for one module, by binary name. Their loader must resolve the runtime's classes and {@code java.base}, nothing else. */
public record GeneratedModule(Map<String, byte[]> classes) {
    /** Binary name of the subclass of the runtime's state, which every module has. */
    public static final String STATE_CLASS = "dev.bulkhead.guest.State";

    public GeneratedModule {
        classes = Map.copyOf(classes);
    }
}
