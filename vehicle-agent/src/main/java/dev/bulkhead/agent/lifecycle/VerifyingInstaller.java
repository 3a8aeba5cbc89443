package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.lifecycle.DoorCheck.Checked;
import dev.bulkhead.agent.lifecycle.DoorCheck.NotAdmitted;
import dev.bulkhead.security.signing.PackageVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks packages at the door (package.md "Who signed it") and hands what passes to the orchestrator. Thread-safe. */
public final class VerifyingInstaller implements PackageInstaller {
    private final Orchestrator orchestrator;
    private final ReleaseStore releases;
    private final SlotStore slots;
    private final DoorCheck door;

    public VerifyingInstaller(
            Orchestrator orchestrator,
            ReleaseStore releases,
            SlotStore slots,
            PackageVerifier verifier,
            PolicyInForce policy) {
        this.orchestrator = orchestrator;
        this.releases = releases;
        this.slots = slots;
        this.door = new DoorCheck(orchestrator, releases, verifier, policy);
    }

    @Override
    public InstallReceipt install(InstallOrder order, Path content) {
        return admitting(order, () -> {
            Checked checked = door.check(order, Optional.of(content));
            door.closesNoCircle(List.of(checked.edition()));
            store(checked, Optional.of(content));
            return desire(order, checked);
        });
    }

    @Override
    public InstallReceipt installStored(InstallOrder order) {
        return admitting(order, () -> {
            Checked checked = door.check(order, Optional.empty());
            door.closesNoCircle(List.of(checked.edition()));
            return desire(order, checked);
        });
    }

    @Override
    public EnsembleReceipt installTogether(EnsembleOrder order) {
        List<Checked> checked = new ArrayList<>();
        for (EnsembleOrder.Item item : order.items()) {
            InstallReceipt receipt = admitting(item.order(), () -> {
                Checked one = door.check(item.order(), item.content());
                comesOnce(one, checked);
                checked.add(one);
                return new InstallReceipt.Accepted(one.release());
            });
            if (receipt instanceof InstallReceipt.Refused refused) {
                return refusedTogether(order, item, refused);
            }
        }
        return desireTogether(order, checked);
    }

    private static void comesOnce(Checked one, List<Checked> others) {
        boolean twice = others.stream()
                .anyMatch(other -> other.release().appId().equals(one.release().appId()));
        if (twice) {
            throw new NotAdmitted(
                    "malformed", one.release().appId() + " is there twice; an app can have one new version");
        }
    }

    /** The others are refused with the one that is at fault. */
    private EnsembleReceipt refusedTogether(
            EnsembleOrder order, EnsembleOrder.Item fault, InstallReceipt.Refused refused) {
        for (EnsembleOrder.Item item : order.items()) {
            if (!item.equals(fault)) {
                orchestrator
                        .audit()
                        .refused(
                                item.order(),
                                new InstallReceipt.Refused(
                                        refused.reason(),
                                        "all or none: " + fault.name() + " was refused: " + refused.detail()));
            }
        }
        return new EnsembleReceipt.Refused(fault.name(), refused);
    }

    private EnsembleReceipt desireTogether(EnsembleOrder order, List<Checked> checked) {
        List<ReleaseRef> named = checked.stream().map(Checked::release).toList();
        boolean taken = true;
        for (int i = 0; i < checked.size(); i++) {
            taken &= settledAlready(order.items().get(i).order(), named.get(i));
        }
        if (taken) {
            return new EnsembleReceipt.Unchanged(named);
        }
        List<SupervisorEvent.Enlist> wishes = new ArrayList<>();
        EnsembleOrder.Item last = order.items().getFirst();
        try {
            door.closesNoCircle(checked.stream().map(Checked::edition).toList());
            for (int i = 0; i < checked.size(); i++) {
                last = order.items().get(i);
                store(checked.get(i), last.content());
                wishes.add(new SupervisorEvent.Enlist(
                        checked.get(i).edition(), last.order().assignment(), order.ensemble()));
            }
            Optional<String> busy = orchestrator.enlist(wishes);
            if (busy.isPresent()) {
                return new EnsembleReceipt.Busy(busy.get());
            }
        } catch (NotAdmitted e) {
            return refused(order, last, e.refused());
        } catch (ReleaseStore.StorageRefusal | NotDurableException e) {
            return refused(order, last, new InstallReceipt.Refused("storage", String.valueOf(e.getMessage())));
        }
        for (int i = 0; i < checked.size(); i++) {
            orchestrator
                    .audit()
                    .installed(checked.get(i).stored(), order.items().get(i).order());
        }
        return new EnsembleReceipt.Accepted(named);
    }

    private EnsembleReceipt refused(EnsembleOrder order, EnsembleOrder.Item fault, InstallReceipt.Refused refused) {
        orchestrator.audit().refused(fault.order(), refused);
        return refusedTogether(order, fault, refused);
    }

    private InstallReceipt admitting(InstallOrder order, Supplier<InstallReceipt> work) {
        try {
            return work.get();
        } catch (NotAdmitted e) {
            orchestrator.audit().refused(order, e.refused());
            return e.refused();
        } catch (ReleaseStore.StorageRefusal | NotDurableException e) {
            InstallReceipt.Refused refused = new InstallReceipt.Refused("storage", String.valueOf(e.getMessage()));
            orchestrator.audit().refused(order, refused);
            return refused;
        }
    }

    private void store(Checked checked, Optional<Path> content) {
        if (releases.find(checked.release().packageDigest()).isEmpty()) {
            content.ifPresent(file -> releases.store(checked.stored(), file));
        }
    }

    private InstallReceipt desire(InstallOrder order, Checked checked) {
        ReleaseRef release = checked.release();
        if (settledAlready(order, release)) {
            return new InstallReceipt.Unchanged(release);
        }
        orchestrator.audit().installed(checked.stored(), order);
        orchestrator.apply(release.appId(), new SupervisorEvent.Desire(checked.edition(), order.assignment()));
        return new InstallReceipt.Accepted(release);
    }

    /** The same order for the same release, seen again: after a lost connection or a restart. One whose package is gone counts anew. */
    private boolean settledAlready(InstallOrder order, ReleaseRef release) {
        return orchestrator
                .app(release.appId())
                .filter(view -> view.slot().wish() == AppSlot.Wish.RUN)
                .filter(view -> view.slot().active().isPresent()
                        || view.slot().candidate().isPresent())
                .flatMap(AppView::update)
                .filter(report -> report.assignment().equals(order.assignment())
                        && report.release().equals(release))
                .isPresent();
    }

    @Override
    public InstallReceipt uninstall(String assignment, String appId) {
        Optional<ReleaseRef> known = orchestrator
                .app(appId)
                .map(view -> view.slot().active().map(Edition::release).orElseGet(() -> ReleaseRef.unknown(appId)));
        if (known.isEmpty()) {
            return new InstallReceipt.Refused("rejected", appId + " is not installed");
        }
        orchestrator.apply(appId, new SupervisorEvent.Remove(assignment));
        return new InstallReceipt.Accepted(known.get());
    }

    @Override
    public boolean holds(String packageDigest) {
        return releases.find(packageDigest).isPresent();
    }

    @Override
    public List<InstalledRelease> installed() {
        return orchestrator.apps().stream()
                .flatMap(view -> view
                        .release()
                        .map(stored -> new InstalledRelease(
                                stored.release(),
                                stored.moduleDigest(),
                                stored.length(),
                                view.slot().phase().word().toLowerCase(Locale.ROOT)))
                        .stream())
                .toList();
    }

    @Override
    public List<UpdateReport> reports() {
        return slots.reports();
    }

    @Override
    public void observe(Consumer<UpdateReport> observer) {
        orchestrator.observe(observer);
    }
}
