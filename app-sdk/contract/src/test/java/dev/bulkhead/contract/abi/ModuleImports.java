package dev.bulkhead.contract.abi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The function imports of a WebAssembly module, for tests. */
final class ModuleImports {
    /** @param shape as {@link HostFunction#shape()} */
    record Function(String module, String name, String shape) {}

    private final byte[] wasm;
    private int at;

    private ModuleImports(byte[] wasm, int at) {
        this.wasm = wasm;
        this.at = at;
    }

    static List<Function> read(byte[] wasm) {
        List<String> types = List.of();
        ModuleImports reader = new ModuleImports(wasm, 8);
        while (reader.at < wasm.length) {
            int id = wasm[reader.at++];
            int end = reader.number() + reader.at;
            if (id == 1) {
                types = reader.types();
            } else if (id == 2) {
                return reader.imports(types);
            }
            reader.at = end;
        }
        return List.of();
    }

    private List<String> types() {
        List<String> types = new ArrayList<>();
        for (int n = number(); n > 0; n--) {
            at++;
            String params = valueTypes();
            String results = valueTypes();
            types.add("(" + params + ")" + (results.isEmpty() ? "" : " -> " + results));
        }
        return types;
    }

    private String valueTypes() {
        List<String> names = new ArrayList<>();
        for (int n = number(); n > 0; n--) {
            names.add(
                    switch (wasm[at++]) {
                        case 0x7F -> "i32";
                        case 0x7E -> "i64";
                        case 0x7D -> "f32";
                        case 0x7C -> "f64";
                        default -> "?";
                    });
        }
        return names.stream().collect(Collectors.joining(", "));
    }

    private List<Function> imports(List<String> types) {
        List<Function> functions = new ArrayList<>();
        for (int n = number(); n > 0; n--) {
            String module = name();
            String name = name();
            if (wasm[at++] != 0) {
                throw new IllegalArgumentException(module + "." + name + " is not a function");
            }
            functions.add(new Function(module, name, types.get(number())));
        }
        return functions;
    }

    private String name() {
        int length = number();
        String name = new String(wasm, at, length, StandardCharsets.UTF_8);
        at += length;
        return name;
    }

    private int number() {
        int value = 0;
        int shift = 0;
        byte b;
        do {
            b = wasm[at++];
            value |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }
}
