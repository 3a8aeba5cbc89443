package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestType;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.ModuleImport;
import dev.bulkhead.agent.sandbox.Signature;
import dev.bulkhead.contract.abi.HostFunction;
import dev.bulkhead.contract.abi.HostFunctions;
import dev.bulkhead.contract.abi.ValueType;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.notation.NearestWord;
import dev.bulkhead.contract.pack.Assets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the host's side of an instance from the one table of the contract. */
public final class HostLinker {
    private static final Map<HostFunction, Signature> SIGNATURES =
            HostFunctions.table().stream().collect(Collectors.toMap(Function.identity(), HostLinker::signature));

    private HostLinker() {}

    /** All there is to import, bound to a session without assets. */
    public static HostImports imports(AppSession session) {
        return imports(session, Optional.empty(), HostFunctions.table());
    }

    /**
     * The imports of one instance, bound to its session.
     *
     * @param assets of its package, as far as it may see them; already paid for
     * @param wanted what its module imports and {@link #gate} let in
     */
    public static HostImports imports(AppSession session, Optional<Assets> assets, List<ModuleImport> wanted) {
        return imports(
                session,
                assets,
                wanted.stream()
                        .flatMap(each -> HostFunctions.find(each.module(), each.name()).stream())
                        .distinct()
                        .toList());
    }

    private static HostImports imports(AppSession session, Optional<Assets> assets, Collection<HostFunction> wanted) {
        CallTable calls = new CallTable();
        SignalAccess access = new SignalAccess(session);
        new SignalCalls(session, access).bind(calls);
        new ActuatorCalls(session, access).bind(calls);
        new CanCalls(session).bind(calls);
        new RuntimeCalls(session).bind(calls);
        new TimerCalls(session).bind(calls);
        new KeyValueCalls(session).bind(calls);
        new MessageCalls(session).bind(calls);
        new WasiCalls(session, assets).bind(calls);
        CallPace pace = new CallPace(session.services().clock()::nanos);
        HostImports.Builder imports = HostImports.builder();
        for (HostFunction function : wanted) {
            HostCall call = calls.find(function.qualifiedName())
                    .orElseThrow(() -> new IllegalStateException(function.qualifiedName() + " has no host function"));
            HostCall paid = PaidCall.of(function.qualifiedName(), pace, call);
            imports.function(function.module(), function.name(), known(function), paid);
        }
        return imports.build();
    }

    /** What a module may import when its manifest asks for these capabilities. */
    public static ImportGate gate(List<Capability> requested) {
        return (module, name) -> {
            Optional<HostFunction> known = HostFunctions.find(module, name);
            if (known.isEmpty()) {
                return new ImportGate.Ruling.Unknown(nearest(module, name));
            }
            HostFunction function = known.get();
            return function.need().coveredBy(requested)
                    ? new ImportGate.Ruling.Known(known(function))
                    : new ImportGate.Ruling.Uncovered(function.need().toString());
        };
    }

    private static Optional<String> nearest(String module, String name) {
        return NearestWord.to(name, HostFunctions.namesIn(module));
    }

    private static Signature known(HostFunction function) {
        return Objects.requireNonNull(SIGNATURES.get(function));
    }

    /** The types of a function as the sandbox names them. */
    public static Signature signature(HostFunction function) {
        return new Signature(
                function.params().stream().map(HostLinker::type).toList(),
                function.result().map(HostLinker::type).stream().toList());
    }

    private static GuestType type(ValueType type) {
        return switch (type) {
            case I32 -> GuestType.I32;
            case I64 -> GuestType.I64;
            case F64 -> GuestType.F64;
        };
    }
}
