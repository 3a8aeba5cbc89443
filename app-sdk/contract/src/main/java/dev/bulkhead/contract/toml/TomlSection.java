package dev.bulkhead.contract.toml;

import dev.bulkhead.contract.capability.CapabilityException;
import dev.bulkhead.contract.notation.NearestWord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** A table of a {@link TomlDocument}. A mistake is noted in the document and the value taken as absent. */
public final class TomlSection {
    private final TomlDocument document;
    private final String path;
    private final @Nullable TomlTable table;
    private final int line;
    private final int column;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<TomlSection> children = new ArrayList<>();

    TomlSection(TomlDocument document, String path, @Nullable TomlTable table, int line, int column) {
        this.document = document;
        this.path = path;
        this.table = table;
        this.line = line;
        this.column = column;
    }

    /** A table beneath; an empty one when the file has none. */
    public TomlSection section(String key) {
        Optional<TomlTable> found = get(key, TomlTable.class, "a section");
        TomlSection child = new TomlSection(document, dotted(key), found.orElse(null), lineOf(key), columnOf(key));
        children.add(child);
        return child;
    }

    /** The tables of a {@code [[key]]}, at most {@code most}. */
    public List<TomlSection> sections(String key, int most) {
        Optional<TomlArray> array = get(key, TomlArray.class, "a list of sections, [[" + dotted(key) + "]]");
        List<TomlSection> found = new ArrayList<>();
        for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
            TomlPosition at = array.get().inputPositionOf(i);
            if (i >= most || !(array.get().get(i) instanceof TomlTable element)) {
                String wrong = i >= most ? "at most " + most + " of them" : "expected a section";
                document.report(new TomlProblem(at.line(), at.column(), dotted(key), wrong, Optional.empty()));
                break;
            }
            found.add(new TomlSection(document, dotted(key), element, at.line(), at.column()));
        }
        children.addAll(found);
        return found;
    }

    /** A string. */
    public Optional<String> string(String key) {
        return get(key, String.class, "a string in quotes");
    }

    /** True or false. */
    public Optional<Boolean> flag(String key) {
        return get(key, Boolean.class, "true or false");
    }

    /** A whole number within bounds. */
    public Optional<Long> integer(String key, long least, long most) {
        Optional<Long> value = get(key, Long.class, "a whole number");
        if (value.isPresent() && (value.get() < least || value.get() > most)) {
            problem(key, value.get() + " is outside " + least + ".." + most);
            return Optional.empty();
        }
        return value;
    }

    /**
     * A string with a meaning of its own.
     *
     * @param read answers empty, or throws IllegalArgumentException or CapabilityException, for text that is wrong
     * @param expected what a right text looks like, for the message when {@code read} answers empty
     */
    public <T> Optional<T> read(String key, Function<String, Optional<T>> read, String expected) {
        Optional<String> text = string(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<T> value = read.apply(text.get());
            if (value.isEmpty()) {
                problem(key, "'" + text.get() + "' is wrong; expected " + expected);
            }
            return value;
        } catch (CapabilityException e) {
            report(key, String.valueOf(e.getMessage()), e.suggestion());
        } catch (IllegalArgumentException e) {
            problem(key, "'" + text.get() + "': " + e.getMessage());
        }
        return Optional.empty();
    }

    /** One of some words, as their {@code toString} spells them. */
    public <T> Optional<T> choice(String key, T[] values) {
        Optional<String> text = string(key);
        Optional<T> value = Stream.of(values)
                .filter(v -> text.isPresent() && v.toString().equals(text.get()))
                .findFirst();
        if (text.isPresent() && value.isEmpty()) {
            List<String> words = Stream.of(values).map(Object::toString).toList();
            report(
                    key,
                    "'" + text.get() + "' is not one of " + String.join(", ", words),
                    NearestWord.to(text.get(), words));
        }
        return value;
    }

    /** Notes that a key that must be there is not, unless a mistake about it was noted already. */
    public void require(String key) {
        known.add(key);
        if (table == null || table.get(List.of(key)) == null) {
            document.report(new TomlProblem(line, column, dotted(key), "is missing", Optional.empty()));
        }
    }

    /** Notes a mistake about a key's value. */
    public void problem(String key, String message) {
        report(key, message, Optional.empty());
    }

    private void report(String key, String message, Optional<String> suggestion) {
        document.report(new TomlProblem(lineOf(key), columnOf(key), dotted(key), message, suggestion));
    }

    private <T> Optional<T> get(String key, Class<T> type, String expected) {
        known.add(key);
        Object value = table == null ? null : table.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            problem(key, "expected " + expected);
            return Optional.empty();
        }
        return Optional.of(type.cast(value));
    }

    /** The line a key stands on; the section's own when it is absent. */
    public int lineOf(String key) {
        TomlPosition position = table == null ? null : table.inputPositionOf(List.of(key));
        return position == null ? line : position.line();
    }

    private int columnOf(String key) {
        TomlPosition position = table == null ? null : table.inputPositionOf(List.of(key));
        return position == null ? column : position.column();
    }

    private String dotted(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void unknownKeys(List<TomlProblem> into) {
        if (table != null) {
            for (String key : table.keySet()) {
                if (!known.contains(key)) {
                    String message = "unknown key, known here: " + String.join(", ", known);
                    into.add(new TomlProblem(
                            lineOf(key), columnOf(key), dotted(key), message, NearestWord.to(key, known)));
                }
            }
        }
        children.forEach(child -> child.unknownKeys(into));
    }
}
