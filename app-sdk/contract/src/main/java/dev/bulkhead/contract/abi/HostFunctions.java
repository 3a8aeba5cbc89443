package dev.bulkhead.contract.abi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of abi.md: every function an app may import, in the order of the reference page. Immutable. */
public final class HostFunctions {
    /** What {@code app.abi_version} answers, and {@code abi} in the manifest. */
    public static final int ABI_VERSION = 1;

    private static final List<HostFunction> TABLE = Stream.of(
                    HalFunctions.table(), AppFunctions.table(), WasiFunctions.table())
            .flatMap(List::stream)
            .toList();
    private static final Map<String, HostFunction> BY_NAME = TABLE.stream()
            .collect(Collectors.toMap(
                    HostFunction::qualifiedName, Function.identity(), (a, b) -> a, LinkedHashMap::new));

    private HostFunctions() {}

    public static List<HostFunction> table() {
        return TABLE;
    }

    public static Optional<HostFunction> find(String module, String name) {
        return Optional.ofNullable(BY_NAME.get(module + "." + name));
    }

    /** Names of one module's functions, for suggestions. */
    public static List<String> namesIn(String module) {
        return TABLE.stream()
                .filter(f -> f.module().equals(module))
                .map(HostFunction::name)
                .toList();
    }
}
