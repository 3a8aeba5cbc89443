package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmFormatException;
import dev.bulkhead.agent.wasm.WasmModule;
import dev.bulkhead.contract.notation.Quote;
import java.util.List;
import java.util.Locale;

/** The checks between parsing and compiling: memory against the budget, imports against the gate. */
final class AdmissionChecks {
    private static final long PAGE = 65_536;

    private AdmissionChecks() {}

    static void check(WasmModule module, Limits limits, ImportGate gate) {
        memory(module, limits.memoryBytes());
        for (WasmModule.ImportedFunction function : module.importedFunctions()) {
            imported(module, function, gate);
        }
    }

    /** Refuses what an instance starts with if that is above a budget in bytes. */
    static void memory(WasmModule module, long budget) {
        long held =
                module.tables().stream().mapToLong(table -> 4 * table.minimum()).sum();
        held += segments(module);
        if (module.memory().isPresent()) {
            WasmModule.Memory memory = module.memory().get();
            held += memory.minimum() * PAGE;
        }
        if (held > budget) {
            throw new AdmissionException(
                    Reason.MEMORY_OVER_BUDGET,
                    "initial memory, tables and passive element segments of " + held + " bytes are above the budget of "
                            + budget + " bytes" + at(storage(module)));
        }
    }

    /** Bytes of element segments that an instance keeps until it drops them. */
    private static long segments(WasmModule module) {
        return module.elements().stream()
                .filter(segment -> segment.mode() == WasmModule.Mode.PASSIVE)
                .mapToLong(segment -> 4L * segment.items().length)
                .sum();
    }

    /** Where the memory is declared, or else the first table, or else the first element segment. */
    static int storage(WasmModule module) {
        if (module.memory().isPresent()) {
            return module.memory().get().offset();
        }
        if (!module.tables().isEmpty()) {
            return module.tables().getFirst().offset();
        }
        return module.elements().isEmpty() ? 0 : module.elements().getFirst().at();
    }

    private static void imported(WasmModule module, WasmModule.ImportedFunction function, ImportGate gate) {
        switch (gate.rule(function.module(), function.name())) {
            case ImportGate.Ruling.Known known -> {
                Signature wanted = signature(module.types().get(function.type()));
                if (!wanted.equals(known.signature())) {
                    throw new AdmissionException(
                            Reason.UNKNOWN_IMPORT,
                            "import " + name(function) + " is declared as " + wanted + ", but is " + known.signature()
                                    + where(function));
                }
            }
            case ImportGate.Ruling.Unknown unknown ->
                throw new AdmissionException(
                        Reason.UNKNOWN_IMPORT,
                        "unknown import " + name(function)
                                + unknown.nearest()
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("")
                                + where(function));
            case ImportGate.Ruling.Uncovered uncovered ->
                throw new AdmissionException(
                        Reason.UNCOVERED_IMPORT,
                        "import " + name(function) + " needs the capability \"" + uncovered.capability()
                                + "\", which the manifest does not request" + where(function));
        }
    }

    private static String name(WasmModule.ImportedFunction function) {
        return Quote.of(function.module()) + "." + Quote.of(function.name());
    }

    static String where(WasmModule.ImportedFunction function) {
        return at(function.offset());
    }

    static String at(int offset) {
        return String.format(Locale.ROOT, " (at offset 0x%x)", offset);
    }

    static Signature signature(FuncType type) {
        return new Signature(types(type.params()), types(type.results()));
    }

    private static List<GuestType> types(List<ValType> types) {
        return types.stream().map(type -> GuestType.valueOf(type.name())).toList();
    }

    static AdmissionException refusal(WasmFormatException refused) {
        Reason reason = switch (refused.kind()) {
            case MALFORMED -> Reason.MALFORMED;
            case INVALID -> Reason.INVALID;
            case UNSUPPORTED -> Reason.UNSUPPORTED;
            case OVER_LIMIT -> Reason.OVER_LIMIT;
        };
        String message = refused.getMessage();
        return new AdmissionException(reason, message == null ? reason.name() : message);
    }
}
