package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.ContractException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A capability line or condition that cannot be read: which text, at which column, why, and what was likely meant. */
public final class CapabilityException extends ContractException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final int column;
    private final String problem;
    private final @Nullable String suggestion;

    /** @param column the first column that is wrong, counted from 1 */
    public CapabilityException(String text, int column, String problem, Optional<String> suggestion) {
        super(compose(text, column, problem, suggestion));
        this.text = text;
        this.column = column;
        this.problem = problem;
        this.suggestion = suggestion.orElse(null);
    }

    private static String compose(String text, int column, String problem, Optional<String> suggestion) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        String hint = suggestion.map(s -> "; did you mean '" + s + "'?").orElse("");
        return "column " + column + ": " + problem + hint + " in: " + shown;
    }

    public String text() {
        return text;
    }

    public int column() {
        return column;
    }

    /** What is wrong, without place and text. */
    public String problem() {
        return problem;
    }

    public Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }
}
