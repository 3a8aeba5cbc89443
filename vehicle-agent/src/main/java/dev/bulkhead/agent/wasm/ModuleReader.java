package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

import dev.bulkhead.agent.wasm.WasmModule.Body;
import dev.bulkhead.agent.wasm.WasmModule.Export;
import dev.bulkhead.agent.wasm.WasmModule.ExternalKind;
import dev.bulkhead.agent.wasm.WasmModule.ImportedFunction;
import dev.bulkhead.agent.wasm.WasmModule.Table;
import dev.bulkhead.contract.notation.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a module's sections in order and validates everything but the function bodies. One use. */
public final class ModuleReader {
    private static final int LAST_SECTION = 13;

    private static final int MOST_EXPORTS = 50_000;

    /** Each is a field of the instance, beside up to two for each global: a JVM class has room for 65,535 in all. */
    private static final int MOST_IMPORTS = 10_000;

    private final byte[] bytes;
    private final ReaderLimits limits;

    private final List<ImportedFunction> imports = new ArrayList<>();
    private final List<Integer> functionTypes = new ArrayList<>();
    private final List<Integer> tags = new ArrayList<>();
    private final List<Export> exports = new ArrayList<>();
    private int start = WasmModule.NO_START;
    private int dataCount = -1;
    private final List<Body> bodies = new ArrayList<>();
    private boolean[] referenced = new boolean[0];
    private @Nullable ConstantReader constants;
    private final TypeReader types;
    private final StorageReader storage;
    private final SegmentReader segments = new SegmentReader();

    private ModuleReader(byte[] bytes, ReaderLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
        this.types = new TypeReader(limits);
        this.storage = new StorageReader(limits);
    }

    /**
     * Reads a whole module.
     *
     * @throws WasmFormatException with the offset of the first thing that is wrong
     */
    public static WasmModule read(byte[] bytes, ReaderLimits limits) {
        return new ModuleReader(bytes, limits).module();
    }

    private WasmModule module() {
        ByteCursor in = new ByteCursor(bytes, 0, bytes.length);
        header(in);
        Map<Integer, String> names = new HashMap<>();
        int last = 0;
        while (!in.atEnd()) {
            int at = in.position();
            int id = in.u8();
            ByteCursor section = in.slice(in.u32());
            if (id == 0) {
                if (section.name().equals("name")) {
                    NameReader.read(section, names, limits.functions());
                }
                continue;
            }
            if (id > LAST_SECTION) {
                throw malformed(at, "malformed section id " + id);
            }
            int order = order(id);
            if (order <= last) {
                throw malformed(at, "unexpected content after last section: section " + id + " out of order or twice");
            }
            last = order;
            section(id, section);
            if (!section.atEnd()) {
                throw malformed(section.position(), "section size mismatch in section " + id);
            }
        }
        finish(in.position());
        return new WasmModule(
                bytes,
                types.types,
                imports,
                functionTypes,
                storage.tables,
                storage.memory,
                storage.globals,
                tags,
                exports,
                start,
                segments.elements,
                segments.data,
                bodies,
                referenced,
                dataCount >= 0,
                names);
    }

    private static int order(int id) {
        for (int place = 1; place <= LAST_SECTION; place++) {
            // data count stands before code, tags before globals
            if (sequence(place) == id) {
                return place;
            }
        }
        throw new IllegalStateException("section " + id);
    }

    private static int sequence(int place) {
        return switch (place) {
            case 1, 2, 3, 4, 5 -> place;
            case 6 -> 13;
            case 7 -> 6;
            case 8 -> 7;
            case 9 -> 8;
            case 10 -> 9;
            case 11 -> 12;
            case 12 -> 10;
            default -> 11;
        };
    }

    private void header(ByteCursor in) {
        if (bytes.length < 4 || in.u8() != 0 || in.u8() != 'a' || in.u8() != 's' || in.u8() != 'm') {
            throw malformed(0, "magic header not detected");
        }
        if (bytes.length < 8 || in.u8() != 1 || in.u8() != 0 || in.u8() != 0 || in.u8() != 0) {
            throw malformed(4, "unknown binary version");
        }
    }

    private void section(int id, ByteCursor in) {
        switch (id) {
            case 1 -> types.readTypes(in);
            case 2 -> importSection(in);
            case 3 -> functionSection(in);
            case 4 -> storage.readTables(in, this);
            case 5 -> storage.readMemories(in);
            case 6 -> storage.readGlobals(in, this);
            case 7 -> exportSection(in);
            case 8 -> {
                int at = in.position();
                start = functionIndex(in);
                FuncType type = types.type(functionTypes.get(start));
                if (!type.params().isEmpty() || !type.results().isEmpty()) {
                    throw invalid(
                            at,
                            "start function " + start + " must take and give nothing: it takes "
                                    + type.params().size() + " values and gives "
                                    + type.results().size());
                }
            }
            case 9 -> segments.readElements(in, this);
            case 10 -> codeSection(in);
            case 11 -> segments.readData(in, this, dataCount);
            case 12 -> dataCount = in.u32();
            default -> tagSection(in);
        }
    }

    private void finish(int at) {
        growReferenced();
        exceptionReferences(at);
        int defined = functionTypes.size() - imports.size();
        if (bodies.size() != defined) {
            throw malformed(
                    at, "function and code section have inconsistent lengths: " + defined + " and " + bodies.size());
        }
        if (dataCount >= 0 && segments.data.size() != dataCount) {
            throw malformed(
                    at,
                    "data count and data section have inconsistent lengths: " + Integer.toUnsignedString(dataCount)
                            + " and " + segments.data.size());
        }
    }

    /** Exception references live within a function: nothing that leaves one may carry them. */
    private void exceptionReferences(int at) {
        for (int table = 0; table < storage.tables.size(); table++) {
            if (storage.tables.get(table).type() == ValType.EXNREF) {
                throw carried(at, "table " + table);
            }
        }
        for (int function = 0; function < functionTypes.size(); function++) {
            if (carriesExceptions(functionTypes.get(function))) {
                throw carried(at, "the signature of function " + function);
            }
        }
        for (int tag = 0; tag < tags.size(); tag++) {
            if (carriesExceptions(tags.get(tag))) {
                throw carried(at, "the signature of tag " + tag);
            }
        }
    }

    private boolean carriesExceptions(int type) {
        return types.type(type).params().contains(ValType.EXNREF)
                || types.type(type).results().contains(ValType.EXNREF);
    }

    private static WasmFormatException carried(int at, String where) {
        return unsupported(at, "exnref in " + where + " is not accepted: exception references live within a function");
    }

    private void importSection(ByteCursor in) {
        int count = in.count("imports", Math.min(limits.functions(), MOST_IMPORTS));
        for (int i = 0; i < count; i++) {
            int at = in.position();
            String module = in.name();
            String name = in.name();
            int kindAt = in.position();
            int kind = in.u8();
            switch (kind) {
                case 0 -> {
                    int type = types.index(in);
                    imports.add(new ImportedFunction(module, name, type, at));
                    functionTypes.add(type);
                }
                case 2 -> {
                    if (!module.equals("env") || !name.equals("memory")) {
                        throw unsupported(
                                at,
                                "import of memory " + Quote.of(module) + "." + Quote.of(name)
                                        + ": only env.memory exists");
                    }
                    storage.importMemory(in, at);
                }
                case 1 -> throw onlyFunctions(at, "table", module, name);
                case 3 -> throw onlyFunctions(at, "global", module, name);
                case 4 -> throw onlyFunctions(at, "tag", module, name);
                default -> throw malformed(kindAt, "malformed import kind " + kind);
            }
        }
    }

    private static WasmFormatException onlyFunctions(int at, String kind, String module, String name) {
        return unsupported(
                at, "import of " + kind + " " + Quote.of(module) + "." + Quote.of(name) + ": only functions exist");
    }

    private void functionSection(ByteCursor in) {
        int at = in.position();
        int count = in.count("functions", limits.functions());
        if (imports.size() + count > limits.functions()) {
            throw overLimit(
                    at,
                    (imports.size() + count) + " functions, " + imports.size() + " of them imports, at most "
                            + limits.functions() + " are accepted");
        }
        for (int i = 0; i < count; i++) {
            functionTypes.add(types.index(in));
        }
    }

    private void growReferenced() {
        if (referenced.length < functionTypes.size()) {
            boolean[] grown = new boolean[functionTypes.size()];
            System.arraycopy(referenced, 0, grown, 0, referenced.length);
            referenced = grown;
        }
    }

    /** The one reader of the module, made behind the last section that adds functions. */
    ConstantReader constants() {
        ConstantReader reader = constants;
        if (reader == null) {
            growReferenced();
            reader = new ConstantReader(storage.globals, functionTypes.size(), referenced, limits);
            constants = reader;
        }
        return reader;
    }

    private void tagSection(ByteCursor in) {
        int count = in.count("tags", 1_000);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int attribute = in.u8();
            if (attribute != 0) {
                throw malformed(at, "malformed tag attribute " + attribute);
            }
            int type = types.index(in);
            if (!types.type(type).results().isEmpty()) {
                throw invalid(
                        at,
                        "non-empty tag result type: "
                                + types.type(type).results().size() + " results");
            }
            tags.add(type);
        }
    }

    @SuppressWarnings("EnumOrdinal") // in the order of the binary format
    private void exportSection(ByteCursor in) {
        int count = in.count("exports", MOST_EXPORTS);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = in.position();
            String name = in.name();
            if (!names.add(name)) {
                throw invalid(at, "duplicate export name " + Quote.of(name));
            }
            int kind = in.u8();
            int index = switch (kind) {
                case 0 -> functionIndex(in);
                case 1 -> index(in, storage.tables.size(), "table");
                case 2 -> index(in, storage.memory.isPresent() ? 1 : 0, "memory");
                case 3 -> index(in, storage.globals.size(), "global");
                case 4 -> index(in, tags.size(), "tag");
                default -> throw malformed(at, "malformed export kind " + kind);
            };
            exports.add(new Export(name, ExternalKind.values()[kind], index));
            if (kind == 0) {
                growReferenced();
                referenced[index] = true;
            }
        }
    }

    int functionIndex(ByteCursor in) {
        return index(in, functionTypes.size(), "function");
    }

    int tableIndex(ByteCursor in) {
        return index(in, storage.tables.size(), "table");
    }

    Table table(int index) {
        return storage.tables.get(index);
    }

    boolean hasTable() {
        return !storage.tables.isEmpty();
    }

    boolean hasMemory() {
        return storage.memory.isPresent();
    }

    int memoryIndex(ByteCursor in) {
        return index(in, storage.memory.isPresent() ? 1 : 0, "memory");
    }

    int tableElementLimit() {
        return limits.tableElements();
    }

    private static int index(ByteCursor in, int size, String what) {
        int at = in.position();
        int index = in.u32();
        if (Integer.compareUnsigned(index, size) >= 0) {
            throw invalid(at, "unknown " + what + " " + Integer.toUnsignedString(index));
        }
        return index;
    }

    private void codeSection(ByteCursor in) {
        growReferenced();
        int count = in.count("function bodies", limits.functions());
        BodyReader reader = new BodyReader(limits);
        for (int i = 0; i < count; i++) {
            bodies.add(reader.read(in));
        }
    }
}
