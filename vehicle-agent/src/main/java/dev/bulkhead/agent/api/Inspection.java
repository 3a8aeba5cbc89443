package dev.bulkhead.agent.api;

import dev.bulkhead.agent.host.OpenHandle;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.TransitionNote;
import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.GrantView;
import dev.bulkhead.contract.proto.HandleView;
import dev.bulkhead.contract.proto.QuarantineView;
import dev.bulkhead.contract.proto.TransitionView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All about one app. */
final class Inspection {
    private static final int LINES = 20;
    private static final long WAIT_MS = 500;

    private Inspection() {}

    static AppDetail of(ApiParts parts, AppView view) {
        String appId = view.slot().appId();
        long now = parts.clock().nanos();
        AppDetail.Builder detail =
                AppDetail.newBuilder().setStatus(AppMessages.status(view, now)).setManifestToml(view.manifestText());
        view.release().ifPresent(stored -> digests(detail, stored));
        view.grants()
                .forEach(grant -> detail.addGrants(GrantView.newBuilder()
                        .setRequest(grant.getLine())
                        .setReason(grant.getReason())
                        .setEffective(String.join("; ", grant.getEffectiveList()))
                        .setRule(grant.getRule())));
        handles(parts, appId).forEach(handle -> detail.addHandles(message(handle)));
        parts.orchestrator()
                .book(appId)
                .ifPresent(book -> book.last(LINES).forEach(line -> detail.addLastLines(LogTail.message(line))));
        quarantine(view).ifPresent(detail::setQuarantine);
        parts.orchestrator().transitions(appId).forEach(note -> detail.addTransitions(message(note, now)));
        return detail.build();
    }

    private static Optional<QuarantineView> quarantine(AppView view) {
        if (!(view.slot().phase() instanceof Phase.Quarantined walled)) {
            return Optional.empty();
        }
        return Optional.of(QuarantineView.newBuilder()
                .setReason(walled.reason())
                .addAllLastWords(view.lastWords().stream().map(LogTail::message).toList())
                .build());
    }

    private static void digests(AppDetail.Builder detail, StoredRelease stored) {
        detail.setPackageDigest(stored.release().packageDigest()).setModuleDigest(stored.moduleDigest());
    }

    /** An app that is busy for longer than half a second keeps its handles to itself. */
    private static List<OpenHandle> handles(ApiParts parts, String appId) {
        CompletableFuture<List<OpenHandle>> answer = new CompletableFuture<>();
        if (!parts.orchestrator().inspect(appId, answer::complete)) {
            return List.of();
        }
        return answer.completeOnTimeout(List.of(), WAIT_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    private static HandleView message(OpenHandle handle) {
        return HandleView.newBuilder()
                .setHandle(handle.handle())
                .setKind(handle.kind())
                .setSubject(handle.subject())
                .setMode(handle.mode())
                .setUses(handle.uses())
                .build();
    }

    private static TransitionView message(TransitionNote note, long now) {
        return TransitionView.newBuilder()
                .setTimeNanos(note.timeNanos())
                .setFrom(note.from())
                .setTo(note.to())
                .setCause(note.cause())
                .setAgeMs(Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - note.timeNanos())))
                .build();
    }
}
