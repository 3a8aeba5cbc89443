package dev.bulkhead.agent.codegen;

import java.util.Map;

/**
 * Classes written for one module, by binary name. Their loader must resolve the runtime's classes and {@code java.base}, nothing else.
 *
 * @param stateClass binary name of the subclass of the runtime's state
 */
public record GeneratedModule(String stateClass, Map<String, byte[]> classes) {
    public GeneratedModule {
        classes = Map.copyOf(classes);
    }
}
