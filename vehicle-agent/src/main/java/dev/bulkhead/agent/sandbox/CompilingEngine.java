package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.GeneratedModule;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.codegen.NotCompilableException;
import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import dev.bulkhead.agent.wasm.WasmFormatException;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The engine of the product: WebAssembly to JVM bytecode with metering, bounds checks and stack limits written in. Thread-safe. */
public final class CompilingEngine implements Engine {
    /** Two JVM slots each, and the state and budget beside them, within the JVM's 255. */
    private static final int MOST_PARAMETERS = 120;

    /** Vectors of guests are the JDK's, whose module is not there unless asked for when the JVM starts. */
    private static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private final CodeForm form;
    private final CodeCache cache;
    private final LoadedModules loaded = new LoadedModules();

    /** Held while something is compiled, which takes both of its threads and memory by the dozen of bytes for each of code. */
    private final ReentrantLock oneAtATime = new ReentrantLock(true);

    private CompilingEngine(CodeForm form, CodeCache cache) {
        this.form = form;
        this.cache = cache;
    }

    public static CompilingEngine metered() {
        return metered(CodeCache.none());
    }

    /** Looks for compiled code in {@code cache} first, and puts there what it compiles. */
    public static CompilingEngine metered(CodeCache cache) {
        return new CompilingEngine(CodeForm.METERED, cache);
    }

    /** Metered the same, in one method a function: for comparison, slower wherever the fuel runs out in a loop. */
    public static CompilingEngine plain() {
        return new CompilingEngine(CodeForm.PLAIN, CodeCache.none());
    }

    /** For measurements only: nothing can stop what it compiles. */
    public static CompilingEngine unmetered() {
        return new CompilingEngine(CodeForm.UNMETERED, CodeCache.none());
    }

    @Override
    public String name() {
        return switch (form) {
            case METERED -> "bulkhead";
            case PLAIN -> "plain";
            case UNMETERED -> "unmetered";
        };
    }

    @Override
    public CompiledModule compile(byte[] bytes, Limits limits, ImportGate gate) {
        return compile(bytes, LoadedModule.sha256(bytes), limits, gate);
    }

    @Override
    public CompiledModule compile(byte[] bytes, String digest, Limits limits, ImportGate gate) {
        if (bytes.length > limits.moduleBytes()) {
            throw new AdmissionException(
                    Reason.TOO_LARGE,
                    "module of " + bytes.length + " bytes, at most " + limits.moduleBytes() + " are accepted"
                            + AdmissionChecks.at(limits.moduleBytes()));
        }
        ReaderLimits bounds = readerLimits(limits);
        String key = CodeKey.of(digest, bounds, form).hex();
        Optional<LoadedModule> known = loaded.find(key);
        if (known.isPresent()) {
            AdmissionChecks.check(known.get().module(), limits, gate);
            return known.get();
        }
        try {
            WasmModule module = ModuleReader.read(bytes, bounds);
            AdmissionChecks.check(module, limits, gate);
            return loaded.keep(key, new LoadedModule(module, digest, GuestLoader.load(classes(module, key, bounds))));
        } catch (WasmFormatException refused) {
            throw AdmissionChecks.refusal(refused);
        } catch (NotCompilableException refused) {
            throw new AdmissionException(Reason.NOT_COMPILABLE, refused.what());
        } catch (OutOfMemoryError full) {
            throw new AdmissionException(
                    Reason.NOT_COMPILABLE,
                    "the host has no room to compile a module of " + bytes.length + " bytes now, its heap may have "
                            + Runtime.getRuntime().maxMemory() + " bytes" + AdmissionChecks.at(0));
        }
    }

    /** What is in the cache was validated when it was compiled, under the same limits. */
    private GuestClasses classes(WasmModule module, String key, ReaderLimits bounds) {
        Supplier<GeneratedModule> compiler = () -> {
            oneAtATime.lock();
            try {
                GeneratedModule compiled = ModuleCompiler.compile(module, bounds, form);
                cache.store(key, compiled.classes());
                return compiled;
            } finally {
                oneAtATime.unlock();
            }
        };
        return cache.load(key)
                .map(stored -> GuestClasses.stored(stored, compiler))
                .orElseGet(() -> GuestClasses.fresh(compiler.get()));
    }

    private static ReaderLimits readerLimits(Limits limits) {
        return new ReaderLimits(
                limits.functions(),
                limits.locals(),
                limits.nesting(),
                limits.functionBytes(),
                limits.tableElements(),
                limits.globals(),
                MOST_PARAMETERS,
                limits.codeBytes(),
                limits.allLocals(),
                ReaderLimits.CONSTANT_STEPS,
                VECTORS);
    }
}
