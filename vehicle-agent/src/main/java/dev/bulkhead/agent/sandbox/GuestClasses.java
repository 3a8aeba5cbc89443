package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.GeneratedModule;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the loader of one module gets its classes from, each when the guest first calls into it. Not thread-safe: the loader's lock guards it. */
final class GuestClasses {
    private final Supplier<GeneratedModule> compiler;
    private Optional<StoredClasses> stored;
    private Map<String, byte[]> fresh;

    private GuestClasses(
            Optional<StoredClasses> stored, Map<String, byte[]> fresh, Supplier<GeneratedModule> compiler) {
        this.stored = stored;
        this.fresh = fresh;
        this.compiler = compiler;
    }

    /** Classes just compiled. */
    static GuestClasses fresh(GeneratedModule module) {
        return new GuestClasses(Optional.empty(), module.classes(), () -> module);
    }

    /**
     * Classes out of a cache.
     *
     * @param compiler gives the same classes anew; asked once, when one of them turns out not to be what was stored
     */
    static GuestClasses stored(StoredClasses stored, Supplier<GeneratedModule> compiler) {
        return new GuestClasses(Optional.of(stored), Map.of(), compiler);
    }

    /** The bytes of a class; empty if the module has none of this binary name. */
    Optional<byte[]> find(String name) {
        if (stored.isPresent()) {
            if (!stored.get().contains(name)) {
                return Optional.empty();
            }
            Optional<byte[]> found = stored.get().find(name);
            if (found.isPresent()) {
                return found;
            }
            fresh = compiler.get().classes();
            stored = Optional.empty();
        }
        return Optional.ofNullable(fresh.get(name));
    }
}
