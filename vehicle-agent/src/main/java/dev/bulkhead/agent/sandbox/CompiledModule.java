package dev.bulkhead.agent.sandbox;

import java.util.List;
import java.util.Map;

/** An admitted, metered and compiled module. Immutable, safe for any thread; instances share its code. */
public interface CompiledModule {
    /** SHA-256 of the module's bytes, lower-case hex. */
    String digest();

    List<ModuleImport> imports();

    /** Exported functions by name. */
    Map<String, Signature> exportedFunctions();

    /** Bytes of linear memory an instance starts with. */
    long initialMemoryBytes();

    /**
     * Makes an instance: memory, tables, data and element segments. Nothing of the guest runs yet; the module's start function is run by
     * {@link Instance#start} or before the first {@link Instance#call}.
     *
     * @throws AdmissionException if an import is missing in {@code imports} or has another signature, or the budget is smaller than the
     *     memory it starts with
     */
    Instance instantiate(HostImports imports, Budget budget, CpuMeter meter);
}
