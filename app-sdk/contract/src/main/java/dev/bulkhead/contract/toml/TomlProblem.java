package dev.bulkhead.contract.toml;

import java.util.Optional;

/**
 * One mistake in a file.
 *
 * @param line from 1
 * @param column from 1
 * @param key dotted name of the key it is about, as {@code budget.cpu}; empty for a mistake of syntax
 * @param suggestion the nearest known word, for a typo
 */
public record TomlProblem(int line, int column, String key, String message, Optional<String> suggestion) {
    @Override
    public String toString() {
        return line + ":" + column + ": " + (key.isEmpty() ? "" : key + ": ") + message
                + suggestion
                        .map(s -> "; did you mean '" + s + "'?")
                        .filter(hint -> !message.contains(hint)) // a capability line's message has it already
                        .orElse("");
    }
}
