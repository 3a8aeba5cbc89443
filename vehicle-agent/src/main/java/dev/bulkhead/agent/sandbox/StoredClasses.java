package dev.bulkhead.agent.sandbox;

import java.util.Optional;

/** The classes stored under one key of a {@link CodeCache}. Thread-safe. */
public interface StoredClasses {
    /** Whether a class of this binary name was stored. */
    boolean contains(String name);

    /** A class as it was stored; empty if there is none of this binary name, or if what is there is not what was stored. */
    Optional<byte[]> find(String name);
}
