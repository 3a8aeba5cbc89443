package dev.bulkhead.agent.sandbox;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Modules loaded before, for as long as the heap has room for them: an app that restarts finds its classes loaded, and what the JIT made of them.
 * The longest unused go first beyond a bound. Thread-safe.
 */
final class LoadedModules {
    private static final int MOST = 256;

    private final Map<String, SoftReference<LoadedModule>> modules = new LinkedHashMap<>(16, 0.75f, true);

    synchronized Optional<LoadedModule> find(String key) {
        SoftReference<LoadedModule> kept = modules.get(key);
        return kept == null ? Optional.empty() : Optional.ofNullable(kept.get());
    }

    /** Keeps a module and gives it back. */
    synchronized LoadedModule keep(String key, LoadedModule module) {
        modules.put(key, new SoftReference<>(module));
        if (modules.size() > MOST) {
            modules.remove(modules.keySet().iterator().next());
        }
        return module;
    }
}
