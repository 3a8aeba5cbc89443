package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.toml.TomlException;
import dev.bulkhead.contract.toml.TomlProblem;
import java.io.Serial;
import java.util.List;
import java.util.Optional;

/** A manifest with mistakes: all of them, each with line, key and, for typos, the nearest known word. */
public final class ManifestException extends TomlException {
    @Serial
    private static final long serialVersionUID = 1L;

    ManifestException(String fileName, List<TomlProblem> problems) {
        super(fileName, problems);
    }

    /** Line of the first mistake, from 1. */
    public int line() {
        return first().line();
    }

    /** Dotted key of the first mistake; empty for a mistake of syntax. */
    public String key() {
        return first().key();
    }

    public Optional<String> suggestion() {
        return first().suggestion();
    }
}
