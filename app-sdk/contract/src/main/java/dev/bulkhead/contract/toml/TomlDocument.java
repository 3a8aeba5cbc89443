package dev.bulkhead.contract.toml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** One file being read. Ask {@link #root} for its values, then for the {@link #problems}. Not for several threads. */
public final class TomlDocument {
    private static final int LONGEST = 65_536;
    private static final int DEEPEST = 16;
    private static final int MOST_PROBLEMS = 100;

    private final List<TomlProblem> problems = new ArrayList<>();
    private final TomlSection root;

    private TomlDocument(TomlParseResult parsed) {
        this.root = new TomlSection(this, "", parsed, 1, 1);
    }

    /**
     * Parses UTF-8 text of at most 64 KiB.
     *
     * @throws TomlException for bytes that are not UTF-8, and for mistakes of syntax
     */
    public static TomlDocument parse(byte[] utf8, String fileName) {
        if (utf8.length > LONGEST) {
            throw failure(fileName, 1, 1, "the file has " + utf8.length + " bytes, at most " + LONGEST + " are read");
        }
        try {
            return parse(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(utf8))
                            .toString(),
                    fileName);
        } catch (CharacterCodingException e) {
            throw failure(fileName, 1, 1, "the file is not UTF-8 text");
        }
    }

    /** Parses text of at most 65536 characters, nested at most 16 deep; see {@link #parse(byte[], String)}. */
    public static TomlDocument parse(String text, String fileName) {
        if (text.length() > LONGEST) {
            throw failure(
                    fileName, 1, 1, "the file has " + text.length() + " characters, at most " + LONGEST + " are read");
        }
        Nesting.firstTooDeep(text, DEEPEST).ifPresent(line -> {
            throw failure(fileName, line, 1, "brackets nest deeper than " + DEEPEST + " levels");
        });
        TomlParseResult parsed = Toml.parse(text);
        if (parsed.hasErrors()) {
            throw new TomlException(
                    fileName,
                    parsed.errors().stream()
                            .limit(MOST_PROBLEMS)
                            .map(TomlDocument::syntax)
                            .toList());
        }
        return new TomlDocument(parsed);
    }

    private static TomlProblem syntax(TomlParseError error) {
        TomlPosition position = error.position();
        return new TomlProblem(
                position.line(), position.column(), "", String.valueOf(error.getMessage()), Optional.empty());
    }

    private static TomlException failure(String fileName, int line, int column, String message) {
        return new TomlException(fileName, List.of(new TomlProblem(line, column, "", message, Optional.empty())));
    }

    public TomlSection root() {
        return root;
    }

    void report(TomlProblem problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }

    /** Every mistake so far, unknown keys included, sorted by place. Call it after everything was asked for. */
    public List<TomlProblem> problems() {
        List<TomlProblem> all = new ArrayList<>(problems);
        root.unknownKeys(all);
        all.sort(Comparator.comparingInt(TomlProblem::line).thenComparingInt(TomlProblem::column));
        return List.copyOf(all);
    }
}
