package dev.bulkhead.contract.supply;

import java.util.List;
import java.util.Optional;

/**
 * What a developer declares in {@code supply.toml}.
 *
 * @param builder who or what built the module, a URI; empty when not said
 * @param command how it was built; empty when not said
 * @param sources files it was built from, relative to the app's folder
 * @param tools compilers and linkers
 * @param components what went into the module besides its own sources
 */
public record Supply(
        Optional<String> builder,
        Optional<String> command,
        List<String> sources,
        List<Tool> tools,
        List<Component> components) {
    /** Nothing declared. */
    public static final Supply NOTHING =
            new Supply(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

    /** A program that took part in the build. */
    public record Tool(String name, String version) {}

    /**
     * A part of the module.
     *
     * @param license SPDX license id or expression
     * @param purl package URL
     */
    public record Component(Kind kind, String name, String version, Optional<String> license, Optional<String> purl) {}

    /** What a component is, in CycloneDX's words. */
    public enum Kind {
        LIBRARY("library"),
        FRAMEWORK("framework"),
        FILE("file"),
        DATA("data"),
        MACHINE_LEARNING_MODEL("machine-learning-model");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public Supply {
        sources = List.copyOf(sources);
        tools = List.copyOf(tools);
        components = List.copyOf(components);
    }
}
