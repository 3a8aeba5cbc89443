package dev.bulkhead.agent.sandbox;

import java.util.Map;
import java.util.Optional;

/** Keeps what was compiled, so that a restart does not compile again. Implementations verify integrity on load; what does not verify is not there. */
public interface CodeCache {
    /**
     * Finds classes stored under a key.
     *
     * @param key lower-case hex, names module, code generator and JDK
     */
    Optional<StoredClasses> load(String key);

    /** Stores classes by binary name. Must not fail the caller: a cache that cannot store is only slower. */
    void store(String key, Map<String, byte[]> classes);

    /** Remembers nothing. */
    static CodeCache none() {
        return new NoCache();
    }
}
