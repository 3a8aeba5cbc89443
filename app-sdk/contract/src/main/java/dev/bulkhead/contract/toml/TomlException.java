package dev.bulkhead.contract.toml;

import dev.bulkhead.contract.ContractException;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A file with mistakes, all that were found, in the order of their lines. */
public class TomlException extends ContractException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MOST_SHOWN = 20;

    private final String fileName;
    private final transient List<TomlProblem> problems;

    /** @param problems at least one */
    public TomlException(String fileName, List<TomlProblem> problems) {
        super(problems.stream().limit(MOST_SHOWN).map(p -> fileName + ":" + p).collect(Collectors.joining("\n"))
                + (problems.size() > MOST_SHOWN ? "\n… and " + (problems.size() - MOST_SHOWN) + " more" : ""));
        this.fileName = fileName;
        this.problems = List.copyOf(problems);
    }

    public String fileName() {
        return fileName;
    }

    public List<TomlProblem> problems() {
        return problems;
    }

    /** The first mistake. */
    public TomlProblem first() {
        return problems.getFirst();
    }
}
