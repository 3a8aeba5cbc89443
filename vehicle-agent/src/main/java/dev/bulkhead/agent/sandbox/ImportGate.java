package dev.bulkhead.agent.sandbox;

import java.util.Optional;

/**
 * Decides at admission whether an imported function exists for this app. Anything that is not a function ({@code env.memory} apart) is
 * refused without asking. Must be pure: the same name gives the same ruling.
 */
@FunctionalInterface
public interface ImportGate {
    Ruling rule(String module, String name);

    /** Knows nothing: for modules that must not import anything. */
    static ImportGate none() {
        return (module, name) -> new Ruling.Unknown(Optional.empty());
    }

    /** What the gate says about one name. */
    sealed interface Ruling {
        /** The function exists with this signature and the app asked for the capability it needs. */
        record Known(Signature signature) implements Ruling {}

        /** No such function; {@code nearest} is a known name that looks alike. */
        record Unknown(Optional<String> nearest) implements Ruling {}

        /** The function exists, but nothing in the manifest asks for {@code capability}. */
        record Uncovered(String capability) implements Ruling {}
    }
}
