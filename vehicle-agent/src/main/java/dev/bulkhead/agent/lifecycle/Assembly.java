package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.AppLabel;
import dev.bulkhead.agent.host.AppSession;
import dev.bulkhead.agent.host.CpuGauge;
import dev.bulkhead.agent.host.HeldMemory;
import dev.bulkhead.agent.host.HostLinker;
import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.Decision;
import java.util.List;
import java.util.Optional;

/** Makes an occupant out of a stored release: read, decided, admitted, compiled, linked, instantiated. Nothing of the guest runs. */
final class Assembly {
    private final CompartmentParts parts;
    private final LifecycleAudit audit;
    private final LogBook book;
    private final boolean shadow;

    /** @param shadow whether the occupant's outputs go nowhere at first */
    Assembly(CompartmentParts parts, LifecycleAudit audit, LogBook book, boolean shadow) {
        this.parts = parts;
        this.audit = audit;
        this.book = book;
        this.shadow = shadow;
    }

    /**
     * Makes the occupant.
     *
     * @param onThrottle told on the strand when the CPU quota is used up
     * @throws AdmissionException when the module may not enter
     * @throws dev.bulkhead.contract.ContractException when the package cannot be read
     */
    Occupant of(Edition edition, int incarnation, Strand strand, Runnable onThrottle) {
        ReleaseRef release = edition.release();
        ReleaseContent content = stored(release);
        Budget budget = AppBudget.of(content.manifest());
        CompiledModule module = parts.engine()
                .compile(
                        content.module(),
                        content.moduleDigest(),
                        Limits.forMemory(budget.memoryBytes()),
                        HostLinker.gate(content.requested()));
        CpuAccount account =
                new CpuAccount(budget, parts.cpu().get(), parts.host().clock()::nanos, strand, onThrottle);
        AppLabel label = new AppLabel(release.appId(), release.version(), vendor(release), incarnation);
        AppIdentity identity = new AppIdentity(label.vendor(), label.appId(), label.version());
        ReleaseRights rights = parts.shelf()
                .rights(
                        release.packageDigest(),
                        identity,
                        () -> new ReleaseRights(new PolicyDesk(parts.policy(), identity, content.lines())));
        PolicyDesk desk = rights.desk();
        List<AuditEntry.Declared.Request> grants = audit.declared(
                rights.declaration(current -> audit.declaration(release, content, current, imports(module))));
        Optional<Assets> assets = assets(content, desk, budget.memoryBytes() - module.initialMemoryBytes());
        AppSession session = new AppSession(
                label,
                AppBudget.bounds(content.manifest()),
                parts.host(),
                desk,
                parts.random().apply(label.toString()),
                book,
                new CpuGauge(budget, account::usage),
                shadow);
        CallbackWatch calls = new CallbackWatch(
                new MemoryWatch(account, session, budget.memoryBytes()),
                parts.host().clock()::nanos);
        assets.ifPresent(files -> session.held().take(files.heldBytes()));
        Instance instance = module.instantiate(HostLinker.imports(session, assets, module.imports()), budget, calls);
        if (!session.held().guest(instance.usage().memoryBytes())) {
            session.close(LossCause.STOPPED);
            throw noRoom(
                    instance.usage().memoryBytes() + " bytes of memory, tables and element segments",
                    budget.memoryBytes());
        }
        return new Occupant(content, budget, account, calls, session, instance, grants);
    }

    /**
     * What the app may see of its package's assets: empty when it may see none.
     *
     * @param room what its linear memory leaves of the budget
     */
    private static Optional<Assets> assets(ReleaseContent content, PolicyDesk desk, long room) {
        if (!(desk.decide(new AccessRequest.UseWasi(Wasi.Part.ASSETS)) instanceof Decision.Allow)) {
            return Optional.empty();
        }
        long budget = content.manifest().budget().memoryBytes();
        Assets assets = content.assets().unpack(budget);
        if (assets.heldBytes() > room + HeldMemory.INCLUDED) {
            throw noRoom("assets that take " + assets.heldBytes() + " bytes beside its linear memory", budget);
        }
        return Optional.of(assets);
    }

    private static AdmissionException noRoom(String what, long budget) {
        return new AdmissionException(
                AdmissionException.Reason.MEMORY_OVER_BUDGET,
                "it has " + what + ", together more than budget.memory, " + budget + ": raise it, or leave files out");
    }

    private ReleaseContent stored(ReleaseRef release) {
        return parts.shelf()
                .content(release.packageDigest())
                .orElseThrow(() -> new AdmissionException(
                        AdmissionException.Reason.MALFORMED,
                        "package " + release.packageDigest() + " is not stored any more"));
    }

    private String vendor(ReleaseRef release) {
        return parts.releases()
                .find(release.packageDigest())
                .map(StoredRelease::vendor)
                .orElse("unknown");
    }

    private static List<String> imports(CompiledModule module) {
        return module.imports().stream()
                .filter(each -> !each.module().equals("env"))
                .map(each -> each.module() + "." + each.name())
                .distinct()
                .toList();
    }
}
