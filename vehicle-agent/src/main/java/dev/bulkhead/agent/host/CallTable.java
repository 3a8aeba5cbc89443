package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.HostCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The functions one import family offers, by qualified name. Filled once while an instance is linked. */
final class CallTable {
    private final Map<String, HostCall> calls = new LinkedHashMap<>();

    void none(String name, Arity.None call) {
        put(name, call);
    }

    void one(String name, Arity.One call) {
        put(name, call);
    }

    void two(String name, Arity.Two call) {
        put(name, call);
    }

    void three(String name, Arity.Three call) {
        put(name, call);
    }

    void four(String name, Arity.Four call) {
        put(name, call);
    }

    void put(String name, HostCall call) {
        if (calls.put(name, call) != null) {
            throw new IllegalStateException(name + " is bound twice");
        }
    }

    Optional<HostCall> find(String name) {
        return Optional.ofNullable(calls.get(name));
    }
}
