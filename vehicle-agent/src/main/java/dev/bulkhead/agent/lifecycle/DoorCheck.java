package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.AssetArchive;
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
import java.util.Optional;
import java.util.OptionalLong;

/** What a package must be to enter (package.md "Who signed it"): read, signed, as ordered, rising, and in no circle. Changes nothing. */
final class DoorCheck {
    private final Orchestrator orchestrator;
    private final ReleaseStore releases;
    private final PackageVerifier verifier;
    private final PolicyInForce policy;

    DoorCheck(Orchestrator orchestrator, ReleaseStore releases, PackageVerifier verifier, PolicyInForce policy) {
        this.orchestrator = orchestrator;
        this.releases = releases;
        this.verifier = verifier;
        this.policy = policy;
    }

    /** A package that may not enter. */
    static final class NotAdmitted extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final InstallReceipt.Refused refused;

        NotAdmitted(String reason, String detail) {
            super(detail, null, false, false);
            this.refused = new InstallReceipt.Refused(reason, detail);
        }

        InstallReceipt.Refused refused() {
            return refused;
        }
    }

    /** A package that was verified, not yet stored. */
    record Checked(StoredRelease stored, ReleaseContent content) {
        ReleaseRef release() {
            return stored.release();
        }

        Edition edition() {
            return new Edition(release(), content.upkeep());
        }
    }

    /** Checks the package file, or the stored package that the order names. */
    Checked check(InstallOrder order, Optional<Path> file) {
        byte[] bytes = file.map(DoorCheck::read).orElseGet(() -> stored(order));
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
        unpackable(app, content);
        ReleaseRef release = new ReleaseRef(
                content.manifest().app().id().text(),
                content.manifest().app().version().toString(),
                content.manifest().app().release(),
                Digest.of(bytes).hex());
        matches(order, release);
        rises(release);
        return new Checked(
                new StoredRelease(
                        release, content.moduleDigest(), trusted.vendor().vendor(), bytes.length),
                content);
    }

    /** Looked at only once it is known who made them. */
    private static void unpackable(AppPackage app, ReleaseContent content) {
        try {
            AssetArchive.check(app, content.manifest());
        } catch (ContractException e) {
            throw new NotAdmitted("malformed", String.valueOf(e.getMessage()));
        }
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

    /** @param editions that come in together */
    void closesNoCircle(List<Edition> editions) {
        orchestrator.circle(editions).ifPresent(way -> {
            throw new NotAdmitted("dependency", "the apps would wait for each other: " + String.join(" needs ", way));
        });
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

    private byte[] stored(InstallOrder order) {
        String digest = order.expected()
                .map(ReleaseRef::packageDigest)
                .orElseThrow(() -> new NotAdmitted("storage", "the order names no release"));
        return releases.content(digest)
                .orElseThrow(() -> new NotAdmitted("storage", "package " + digest + " is not stored"));
    }
}
