package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.FunctionRefs;
import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import dev.bulkhead.agent.wasm.WasmModule;
import java.lang.invoke.MethodHandle;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A module whose classes are loaded. */
final class LoadedModule implements CompiledModule {
    private final WasmModule module;
    private final MethodHandle constructor;
    private final FunctionRefs refs;
    private final String digest;
    private final Map<String, GuestEntry> functions = new LinkedHashMap<>();
    private final List<ModuleImport> imports;

    LoadedModule(WasmModule module, String digest, MethodHandle constructor) {
        this.module = module;
        this.constructor = constructor;
        this.refs = FunctionRefs.of(module);
        this.digest = digest;
        Map<Integer, Signature> signatures = new HashMap<>();
        for (WasmModule.Export export : module.exports()) {
            if (export.kind() == WasmModule.ExternalKind.FUNCTION) {
                functions.put(export.name(), GuestEntry.of(export.index(), signature(export.index(), signatures)));
            }
        }
        this.imports = imports(module);
    }

    /** One for each type: many functions of one type can be exported, and one under many names. */
    private Signature signature(int function, Map<Integer, Signature> byType) {
        return byType.computeIfAbsent(
                module.functionTypes().get(function),
                type -> AdmissionChecks.signature(module.types().get(type)));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    WasmModule module() {
        return module;
    }

    FunctionRefs refs() {
        return refs;
    }

    /** An exported function; null if there is none of that name. */
    @Nullable
    GuestEntry entry(String name) {
        return functions.get(name);
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public List<ModuleImport> imports() {
        return imports;
    }

    private static List<ModuleImport> imports(WasmModule module) {
        return module.importedFunctions().stream()
                .map(function -> new ModuleImport(
                        function.module(),
                        function.name(),
                        AdmissionChecks.signature(module.types().get(function.type()))))
                .toList();
    }

    @Override
    public Map<String, Signature> exportedFunctions() {
        Map<String, Signature> signatures = new LinkedHashMap<>();
        functions.forEach((name, entry) -> signatures.put(name, entry.signature()));
        return signatures;
    }

    @Override
    public long initialMemoryBytes() {
        return module.memory().map(memory -> memory.minimum() << 16).orElse(0L);
    }

    @Override
    public Instance instantiate(HostImports imports, Budget budget, CpuMeter meter) {
        HostCall[] calls = calls(imports);
        Instantiation parts = new Instantiation(module, refs);
        GuestState state = construct(parts.parts(budget), meter);
        state.link(calls);
        return new GuestInstance(this, state, parts);
    }

    private HostCall[] calls(HostImports given) {
        HostCall[] calls = new HostCall[imports.size()];
        for (int i = 0; i < calls.length; i++) {
            ModuleImport function = imports.get(i);
            Signature linked =
                    given.signature(function.module(), function.name()).orElse(null);
            if (!function.signature().equals(linked)) {
                throw new AdmissionException(
                        Reason.UNKNOWN_IMPORT,
                        "import " + function.module() + "." + function.name() + " " + function.signature()
                                + (linked == null ? " is not linked" : " is linked to a function of " + linked)
                                + AdmissionChecks.where(
                                        module.importedFunctions().get(i)));
            }
            calls[i] = given.find(function.module(), function.name()).orElseThrow();
        }
        return calls;
    }

    private GuestState construct(GuestParts parts, CpuMeter meter) {
        try {
            return (GuestState) constructor.invokeExact(parts, meter);
        } catch (OutOfMemoryError full) {
            throw new AdmissionException(
                    Reason.MEMORY_OVER_BUDGET,
                    "the host has no room for " + (parts.memoryPages() << 16) + " bytes of memory now"
                            + AdmissionChecks.at(AdmissionChecks.storage(module)));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("instance could not be made", e);
        }
    }
}
