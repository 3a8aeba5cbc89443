package dev.bulkhead.contract.abi;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One function an app may import.
 *
 * @param module {@code hal}, {@code app} or {@code wasi_snapshot_preview1}
 * @param names the parameters' names, as many as {@code params}
 * @param doc one or two sentences for the reference page
 */
public record HostFunction(
        String module,
        String name,
        List<ValueType> params,
        List<String> names,
        Optional<ValueType> result,
        Need need,
        String doc) {
    public HostFunction {
        params = List.copyOf(params);
        names = List.copyOf(names);
        if (params.size() != names.size()) {
            throw new IllegalArgumentException(module + "." + name + ": a name for each parameter");
        }
    }

    /** {@code hal.signal_open}. */
    public String qualifiedName() {
        return module + "." + name;
    }

    /** {@code (path: i32, path_len: i32, mode: i32) -> i32}. */
    public String signature() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < params.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(names.get(i)).append(": ").append(params.get(i));
        }
        return text.append(")").append(result.map(r -> " -> " + r).orElse("")).toString();
    }

    /** The types alone, {@code (i32, i32) -> i32}. */
    public String shape() {
        return params.stream().map(ValueType::toString).collect(Collectors.joining(", ", "(", ")"))
                + result.map(r -> " -> " + r).orElse("");
    }

    /** A row of the table from its spelling: {@code "signal_open(path i32, path_len i32) -> i32"}. */
    static HostFunction of(String module, Need need, String spelling, String doc) {
        int open = spelling.indexOf('(');
        int close = spelling.indexOf(')');
        List<String> parameters = List.of(spelling.substring(open + 1, close).split(", ")).stream()
                .filter(p -> !p.isEmpty())
                .toList();
        Optional<ValueType> result = Optional.of(
                        spelling.substring(close + 1).replace("->", "").trim())
                .filter(r -> !r.isEmpty())
                .map(HostFunction::type);
        return new HostFunction(
                module,
                spelling.substring(0, open),
                parameters.stream()
                        .map(p -> type(p.substring(p.indexOf(' ') + 1)))
                        .toList(),
                parameters.stream().map(p -> p.substring(0, p.indexOf(' '))).toList(),
                result,
                need,
                doc);
    }

    private static ValueType type(String name) {
        return switch (name) {
            case "i32" -> ValueType.I32;
            case "i64" -> ValueType.I64;
            case "f64" -> ValueType.F64;
            default -> throw new IllegalArgumentException("'" + name + "' is not a type");
        };
    }
}
