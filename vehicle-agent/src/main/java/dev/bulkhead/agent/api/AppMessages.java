package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.CompartmentView;
import dev.bulkhead.agent.lifecycle.Edition;
import dev.bulkhead.agent.lifecycle.Part;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.EnsembleMember;
import dev.bulkhead.contract.proto.EnsembleView;
import java.util.List;

/** Apps as messages. */
final class AppMessages {
    private AppMessages() {}

    static AppStatus status(AppView view, long nowNanos) {
        AppSlot slot = view.slot();
        AppStatus.Builder status = AppStatus.newBuilder()
                .setAppId(slot.appId())
                .setPhase(slot.phase().word())
                .setCause(view.cause())
                .setWish(slot.wish().name())
                .setRestarts(view.restarts())
                .setFailures(slot.failures().count());
        slot.active()
                .map(Edition::release)
                .ifPresent(release -> status.setVersion(release.version()).setRelease(release.release()));
        slot.fallback().ifPresent(e -> status.setFallbackVersion(e.release().version()));
        slot.candidate()
                .ifPresent(c -> status.setCandidateVersion(c.edition().release().version()));
        view.release().ifPresent(stored -> status.setVendor(stored.vendor()));
        view.update().ifPresent(report -> status.setUpdate(word(report.outcome())));
        if (slot.phase() instanceof Phase.Running running) {
            status.setUptimeMs((nowNanos - running.sinceNanos()) / 1_000_000);
        }
        slot.part().ifPresent(part -> status.setEnsemble(ensemble(part, view.ensemble())));
        view.compartment().ifPresent(compartment -> use(status, compartment));
        return status.build();
    }

    private static EnsembleView ensemble(Part part, List<AppSlot> members) {
        EnsembleView.Builder view = EnsembleView.newBuilder()
                .setId(part.ensemble())
                .setStage(part.state().word())
                .setWhy(part.why());
        for (AppSlot member : members) {
            EnsembleMember.Builder each = view.addMembersBuilder().setAppId(member.appId());
            member.part().ifPresent(own -> each.setStage(own.state().word()));
            member.candidate()
                    .map(AppSlot.Candidate::edition)
                    .or(member::active)
                    .ifPresent(next -> each.setVersion(next.release().version()));
        }
        return view.build();
    }

    private static void use(AppStatus.Builder status, CompartmentView view) {
        long quota = view.budget().quotaNanos();
        status.setCpuNanos(view.cpu().totalNanos())
                .setCpuQuotaNanos(quota)
                .setCpuPeriodNanos(view.budget().periodNanos())
                .setCpuShare(quota == 0 ? 0 : Math.min(1, (double) view.cpu().periodNanos() / quota))
                .setThrottled(view.cpu().throttled())
                .setMemoryBytes(view.memoryBytes())
                .setHostMemoryBytes(view.hostBytes())
                .setMemoryLimitBytes(view.budget().memoryBytes())
                .setQueueDepth(view.queueDepth())
                .setQueueLimit(view.queueLimit())
                .setEvents(view.events())
                .setDropped(view.dropped())
                .setMessagesWaiting(view.messagesWaiting())
                .setMessagesDropped(view.messagesDropped())
                .setDenied(view.denied())
                .setStorageLimitBytes(view.manifest().budget().storageBytes())
                .setStorageBytes(view.storageBytes())
                .setCallbackP99Nanos(view.callbackP99Nanos())
                .setJitterP99Nanos(view.latenessP99Nanos());
    }

    private static String word(UpdateOutcome outcome) {
        return switch (outcome) {
            case UpdateOutcome.Waiting _ -> "waiting";
            case UpdateOutcome.Activating _ -> "activating";
            case UpdateOutcome.OnProbation _ -> "probation";
            case UpdateOutcome.Proven _ -> "proven";
            case UpdateOutcome.RolledBack _ -> "rolled-back";
            case UpdateOutcome.Failed _ -> "failed";
            case UpdateOutcome.Removed _ -> "removed";
        };
    }

    static List<AppStatus> list(List<AppView> views, long nowNanos) {
        return views.stream().map(view -> status(view, nowNanos)).toList();
    }
}
