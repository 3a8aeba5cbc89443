package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.GrantDesk;
import dev.bulkhead.contract.abi.HostFunctions;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes what happens to apps into the audit log (audit.md). Holds nothing. */
final class LifecycleAudit {
    private final AuditTrail trail;
    private final ReleaseStore releases;

    LifecycleAudit(AuditTrail trail, ReleaseStore releases) {
        this.trail = trail;
        this.releases = releases;
    }

    private AuditEntry.Builder about(ReleaseRef release) {
        return name(AuditEntry.newBuilder(), release);
    }

    private AuditEntry.Builder name(AuditEntry.Builder entry, ReleaseRef release) {
        return entry.setAppId(release.appId())
                .setVersion(release.version())
                .setVendor(releases.find(release.packageDigest())
                        .map(StoredRelease::vendor)
                        .orElse(""));
    }

    void installed(StoredRelease stored, InstallOrder order) {
        String source = switch (order.source()) {
            case FLEET -> "ota " + order.assignment();
            case SIDELOAD -> "sideload";
        };
        AuditEntry.Builder entry = about(stored.release());
        entry.getInstalledBuilder()
                .setRelease(stored.release().release())
                .setPackageDigest(bytes(stored.release().packageDigest()))
                .setModuleDigest(bytes(stored.moduleDigest()))
                .setSource(source);
        trail.append(entry.setVendor(stored.vendor()).build());
    }

    private static com.google.protobuf.ByteString bytes(String hex) {
        return com.google.protobuf.ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    void refused(InstallOrder order, InstallReceipt.Refused refused) {
        AuditEntry.Builder entry = AuditEntry.newBuilder();
        order.expected().ifPresent(e -> entry.setAppId(e.appId()).setVersion(e.version()));
        entry.getRefusedBuilder()
                .setWhat("package")
                .setName(order.expected().map(ReleaseRef::toString).orElse(order.assignment()))
                .setWhy(refused.reason() + ": " + refused.detail());
        trail.append(entry.build());
    }

    void damaged(Damage damage) {
        AuditEntry.Builder entry = AuditEntry.newBuilder();
        damage.appId().ifPresent(entry::setAppId);
        entry.getRefusedBuilder().setWhat("record").setName(damage.where()).setWhy(damage.toString());
        trail.append(entry.build());
    }

    void transition(Optional<ReleaseRef> release, String appId, SupervisorAction.Transition move) {
        AuditEntry.Builder entry = AuditEntry.newBuilder();
        switch (move.to()) {
            case Phase.Running running
            when move.from() instanceof Phase.Starting ->
                entry.getStartedBuilder().setAttempt(running.incarnation());
            case Phase.Starting _
            when move.from() instanceof Phase.Running ->
                entry.getStoppedBuilder().setState(move.to().word()).setWhy(move.cause());
            case Phase.Running _, Phase.Starting _, Phase.Stopping _, Phase.Installed _ -> {
                return;
            }
            case Phase.Removed _ -> entry.getRemovedBuilder().setWhy(move.cause());
            case Phase.Waiting _, Phase.Stopped _, Phase.Failed _, Phase.Backoff _, Phase.Quarantined _ ->
                entry.getStoppedBuilder().setState(move.to().word()).setWhy(move.cause());
        }
        release.ifPresentOrElse(known -> name(entry, known), () -> entry.setAppId(appId));
        trail.append(entry.build());
    }

    /** Writes a swap down once it is settled one way or the other. */
    void reported(UpdateReport report, Optional<Edition> before, String mode) {
        switch (report.outcome()) {
            case UpdateOutcome.Proven _
            when before.isPresent() ->
                swapped(report.release(), before.get().release().version(), mode, true, "proven");
            case UpdateOutcome.RolledBack back ->
                swapped(back.to(), report.release().version(), mode, false, back.cause());
            case UpdateOutcome.Waiting _,
                    UpdateOutcome.Activating _,
                    UpdateOutcome.OnProbation _,
                    UpdateOutcome.Proven _,
                    UpdateOutcome.Failed _,
                    UpdateOutcome.Removed _ -> {}
        }
    }

    private void swapped(ReleaseRef now, String from, String mode, boolean success, String why) {
        AuditEntry.Builder entry = about(now);
        entry.getSwappedBuilder()
                .setFromVersion(from)
                .setMode(mode)
                .setSuccess(success)
                .setWhy(why);
        trail.append(entry.build());
    }

    /** Writes down which values of an app's configuration were set and unset, and by whom; not the values. */
    void configured(AppSlot slot, Map<String, String> changes, String who) {
        AuditEntry.Builder entry = slot.active()
                .map(edition -> about(edition.release()))
                .orElseGet(() -> AuditEntry.newBuilder().setAppId(slot.appId()));
        AuditEntry.Configured.Builder configured = entry.getConfiguredBuilder().setWho(who);
        new TreeMap<>(changes).forEach((key, value) -> {
            if (value.isEmpty()) {
                configured.addUnset(key);
            } else {
                configured.addSet(key);
            }
        });
        trail.append(entry.build());
    }

    /** Writes the declared view of one version down, as it is at each of its starts; answers what became of each line. */
    List<AuditEntry.Declared.Request> declared(AuditEntry declaration) {
        trail.append(declaration);
        return declaration.getDeclared().getRequestsList();
    }

    /** The declared view of one version under the policy in force. */
    AuditEntry declaration(ReleaseRef release, ReleaseContent content, GrantDesk desk, Iterable<String> imports) {
        AuditEntry.Builder entry = about(release);
        AuditEntry.Declared.Builder declared =
                entry.getDeclaredBuilder().setPolicyEpoch(desk.epoch()).setModuleDigest(bytes(content.moduleDigest()));
        for (CapabilityRequest request : content.manifest().capabilities()) {
            declared.addRequests(RequestView.of(request, desk));
        }
        List<Capability> requested = content.requested();
        for (String name : imports) {
            declared.addImports(name);
            int dot = name.indexOf('.');
            boolean covered = HostFunctions.find(name.substring(0, dot), name.substring(dot + 1))
                    .map(function -> function.need().coveredBy(requested))
                    .orElse(false);
            if (!covered) {
                declared.addUndeclaredImports(name);
            }
        }
        return entry.build();
    }
}
