package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.GeneratedModule;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.codegen.NotCompilableException;
import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import dev.bulkhead.agent.wasm.WasmFormatException;
import dev.bulkhead.agent.wasm.WasmModule;

/** The engine of the product: WebAssembly to JVM bytecode with metering, bounds checks and stack limits written in. Stateless. */
public final class CompilingEngine implements Engine {
    /** Two JVM slots each, and the state and budget beside them, within the JVM's 255. */
    private static final int MOST_PARAMETERS = 120;

    private final boolean metered;

    private CompilingEngine(boolean metered) {
        this.metered = metered;
    }

    public static CompilingEngine metered() {
        return new CompilingEngine(true);
    }

    /** For measurements only: nothing can stop what it compiles. */
    public static CompilingEngine unmetered() {
        return new CompilingEngine(false);
    }

    @Override
    public String name() {
        return metered ? "bulkhead" : "unmetered";
    }

    @Override
    public CompiledModule compile(byte[] bytes, Limits limits, ImportGate gate) {
        if (bytes.length > limits.moduleBytes()) {
            throw new AdmissionException(
                    Reason.TOO_LARGE,
                    "module of " + bytes.length + " bytes, at most " + limits.moduleBytes() + " are accepted");
        }
        try {
            ReaderLimits bounds = readerLimits(limits);
            WasmModule module = ModuleReader.read(bytes, bounds);
            AdmissionChecks.check(module, limits, gate);
            GeneratedModule generated = ModuleCompiler.compile(module, bounds, metered);
            return new LoadedModule(module, GuestLoader.load(generated));
        } catch (WasmFormatException refused) {
            throw AdmissionChecks.refusal(refused);
        } catch (NotCompilableException refused) {
            throw new AdmissionException(Reason.NOT_COMPILABLE, refused.what());
        }
    }

    private static ReaderLimits readerLimits(Limits limits) {
        return new ReaderLimits(
                limits.functions(),
                limits.locals(),
                limits.nesting(),
                limits.functionBytes(),
                limits.tableElements(),
                limits.globals(),
                MOST_PARAMETERS);
    }
}
