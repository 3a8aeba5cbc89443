package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.pack.PackageReader;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.security.signing.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks packages at the door (package.md "Who signed it") and hands what passes to the orchestrator. Thread-safe. */
public final class VerifyingInstaller implements PackageInstaller {
    private final Orchestrator orchestrator;
    private final ReleaseStore releases;
    private final SlotStore slots;
    private final PackageVerifier verifier;
    private final PolicyInForce policy;

    public VerifyingInstaller(
            Orchestrator orchestrator,
            ReleaseStore releases,
            SlotStore slots,
            PackageVerifier verifier,
            PolicyInForce policy) {
        this.orchestrator = orchestrator;
        this.releases = releases;
        this.slots = slots;
        this.verifier = verifier;
        this.policy = policy;
    }

    /** A package that may not enter. */
    private static final class NotAdmitted extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final InstallReceipt.Refused refused;

        NotAdmitted(String reason, String detail) {
            super(detail, null, false, false);
            this.refused = new InstallReceipt.Refused(reason, detail);
        }
    }

    /** A package that was verified, not yet stored. */
    private record Checked(StoredRelease stored, ReleaseContent content) {}

    @Override
    public InstallReceipt install(InstallOrder order, Path content) {
        return admitting(order, () -> {
            Checked checked = check(order, read(content));
            store(checked, content);
            return desire(order, checked);
        });
    }

    @Override
    public InstallReceipt installStored(InstallOrder order) {
        return admitting(order, () -> {
            String digest = order.expected()
                    .map(ReleaseRef::packageDigest)
                    .orElseThrow(() -> new NotAdmitted("storage", "the order names no release"));
            byte[] bytes = releases.content(digest)
                    .orElseThrow(() -> new NotAdmitted("storage", "package " + digest + " is not stored"));
            return desire(order, check(order, bytes));
        });
    }

    private InstallReceipt admitting(InstallOrder order, Supplier<InstallReceipt> work) {
        try {
            return work.get();
        } catch (NotAdmitted e) {
            orchestrator.audit().refused(order, e.refused);
            return e.refused;
        } catch (ReleaseStore.StorageRefusal | NotDurableException e) {
            InstallReceipt.Refused refused = new InstallReceipt.Refused("storage", String.valueOf(e.getMessage()));
            orchestrator.audit().refused(order, refused);
            return refused;
        }
    }

    private static byte[] read(Path content) {
        try {
            long size = Files.size(content);
            if (size > PackageLimits.STANDARD.packageBytes()) {
                throw new NotAdmitted(
                        "malformed",
                        content + " has " + size + " bytes, limit " + PackageLimits.STANDARD.packageBytes());
            }
            return Files.readAllBytes(content);
        } catch (IOException e) {
            throw new NotAdmitted("storage", "cannot read " + content + ": " + e.getMessage());
        }
    }

    private Checked check(InstallOrder order, byte[] bytes) {
        if (order.source() == InstallOrder.Source.SIDELOAD
                && !policy.decider().policy().developerMode()) {
            throw new NotAdmitted(
                    "policy", "sideloading needs a vehicle policy with developer mode; this vehicle's has it off");
        }
        AppPackage app;
        ReleaseContent content;
        try {
            app = PackageReader.read(bytes);
            content = ReleaseContent.of(app);
        } catch (ContractException e) {
            throw new NotAdmitted("malformed", String.valueOf(e.getMessage()));
        }
        Verdict.Trusted trusted = verified(app, content);
        ReleaseRef release = new ReleaseRef(
                content.manifest().app().id().text(),
                content.manifest().app().version().toString(),
                content.manifest().app().release(),
                Digest.of(bytes).hex());
        matches(order, release);
        rises(release);
        closesNoCircle(new Edition(release, content.upkeep()));
        return new Checked(
                new StoredRelease(
                        release, content.moduleDigest(), trusted.vendor().vendor(), bytes.length),
                content);
    }

    private Verdict.Trusted verified(AppPackage app, ReleaseContent content) {
        byte[] envelope = app.signature()
                .orElseThrow(() -> new NotAdmitted("signature", "the package is not signed"))
                .bytes();
        PackageStatement actual = new PackageStatement(
                content.manifest().app().id().text(),
                content.manifest().app().version().toString(),
                content.manifest().app().release(),
                Bytes.copyOf(app.packageDigest().bytes()),
                Bytes.copyOf(app.module().digest().bytes()),
                Bytes.copyOf(app.manifest().digest().bytes()));
        return switch (verifier.verify(envelope, actual)) {
            case Verdict.Trusted trusted -> trusted;
            case Verdict.Refused refused ->
                throw new NotAdmitted("signature", refused.reason().word() + ": " + refused.detail());
        };
    }

    private static void matches(InstallOrder order, ReleaseRef found) {
        Optional<ReleaseRef> expected = order.expected();
        if (expected.isPresent() && !expected.get().equals(found)) {
            throw new NotAdmitted(
                    "mismatch",
                    "order " + order.assignment() + " is for " + expected.get() + " with digest "
                            + expected.get().packageDigest() + ", the package is " + found + " with digest "
                            + found.packageDigest());
        }
    }

    private void rises(ReleaseRef release) {
        OptionalLong floor = releases.floor(release.appId());
        if (floor.isPresent() && release.release() < floor.getAsLong()) {
            throw new NotAdmitted(
                    "downgrade",
                    release + " is older than release " + floor.getAsLong()
                            + ", which was proven on this vehicle; releases only ever rise");
        }
        Optional<ReleaseRef> active = orchestrator
                .app(release.appId())
                .filter(view -> view.slot().wish() != AppSlot.Wish.ABSENT)
                .flatMap(view -> view.slot().active())
                .map(Edition::release);
        if (active.isPresent()
                && !active.get().equals(release)
                && release.release() <= active.get().release()) {
            throw new NotAdmitted(
                    "downgrade", release + " does not rise above " + active.get() + ", which is installed");
        }
    }

    private void closesNoCircle(Edition edition) {
        orchestrator.circle(edition).ifPresent(way -> {
            throw new NotAdmitted("dependency", "the apps would wait for each other: " + String.join(" needs ", way));
        });
    }

    private void store(Checked checked, Path content) {
        if (releases.find(checked.stored().release().packageDigest()).isEmpty()) {
            releases.store(checked.stored(), content);
        }
    }

    private InstallReceipt desire(InstallOrder order, Checked checked) {
        ReleaseRef release = checked.stored().release();
        if (settledAlready(order, release)) {
            return new InstallReceipt.Unchanged(release);
        }
        orchestrator.audit().installed(checked.stored(), order);
        Edition edition = new Edition(release, checked.content().upkeep());
        orchestrator.apply(release.appId(), new SupervisorEvent.Desire(edition, order.assignment()));
        return new InstallReceipt.Accepted(release);
    }

    /** The same order for the same release, seen again: after a lost connection or a restart. */
    private boolean settledAlready(InstallOrder order, ReleaseRef release) {
        return orchestrator
                .app(release.appId())
                .filter(view -> view.slot().wish() == AppSlot.Wish.RUN)
                .flatMap(AppView::update)
                .filter(report -> report.assignment().equals(order.assignment())
                        && report.release().equals(release))
                .isPresent();
    }

    @Override
    public InstallReceipt uninstall(String assignment, String appId) {
        Optional<ReleaseRef> known =
                orchestrator.app(appId).flatMap(view -> view.slot().active()).map(Edition::release);
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
