package dev.bulkhead.agent.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The host functions one instance is linked to, keyed by (module, name). Immutable; the calls in it usually carry the app's own state. */
public final class HostImports {
    private final Map<Key, Entry> entries;

    private HostImports(Map<Key, Entry> entries) {
        this.entries = Map.copyOf(entries);
    }

    public static HostImports none() {
        return new Builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<HostCall> find(String module, String name) {
        return Optional.ofNullable(entries.get(new Key(module, name))).map(Entry::call);
    }

    public Optional<Signature> signature(String module, String name) {
        return Optional.ofNullable(entries.get(new Key(module, name))).map(Entry::signature);
    }

    private record Key(String module, String name) {}

    private record Entry(Signature signature, HostCall call) {}

    /** Collects functions; a name given twice is a mistake of the host and refused. */
    public static final class Builder {
        private final Map<Key, Entry> entries = new HashMap<>();

        private Builder() {}

        public Builder function(String module, String name, Signature signature, HostCall call) {
            if (entries.put(new Key(module, name), new Entry(signature, call)) != null) {
                throw new IllegalArgumentException("host function given twice: " + module + "." + name);
            }
            return this;
        }

        public HostImports build() {
            return new HostImports(entries);
        }
    }
}
