package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Assignments that are to be taken over as one: their packages are kept until the last of them has come, and what keeps one out keeps
 * all out. What is kept is a finished download, so after a power loss it is found again. Used from the client's strand only.
 */
final class Companions {
    private final Handover handover;
    private final Reports reports;
    private final Map<String, PartialFile> here = new HashMap<>();

    Companions(Handover handover, Reports reports) {
        this.handover = handover;
        this.reports = reports;
    }

    /** Keeps a package that is complete. */
    void keep(Assignment assignment, PartialFile file) {
        here.put(assignment.id(), file);
    }

    private boolean isHere(Assignment assignment) {
        return here.containsKey(assignment.id()) || handover.isStored(assignment);
    }

    /** What is to be done next: one that stands alone, or one whose package is not here yet. */
    Optional<Assignment> next(List<Assignment> waiting) {
        return waiting.stream()
                .filter(assignment -> assignment.ensemble().isEmpty() || !isHere(assignment))
                .findFirst();
    }

    /** Assignments of one ensemble whose packages are all here; empty when there are none. */
    List<Assignment> due(List<Assignment> waiting) {
        return waiting.stream()
                .filter(first -> first.ensemble().isPresent())
                .map(first -> waiting.stream().filter(first::goesWith).toList())
                .filter(members -> members.stream().allMatch(this::isHere))
                .findFirst()
                .orElse(List.of());
    }

    /** Hands all of them in; false when the installer cannot take them just now. */
    boolean deliver(List<Assignment> members) {
        Map<String, Path> files = new HashMap<>();
        here.forEach((id, file) -> files.put(id, file.path()));
        switch (handover.together(members, files)) {
            case EnsembleReceipt.Busy _ -> {
                return false;
            }
            case EnsembleReceipt.Accepted _ -> members.forEach(member -> handover.tell(member, entered(member)));
            case EnsembleReceipt.Unchanged _ ->
                members.forEach(member -> handover.tell(member, new InstallReceipt.Unchanged(member.release())));
            case EnsembleReceipt.Refused refused -> members.forEach(member -> tell(member, refused));
        }
        members.forEach(this::discard);
        return true;
    }

    /** The installer leaves one out that runs its release already. */
    private InstallReceipt entered(Assignment member) {
        return handover.runs(member)
                ? new InstallReceipt.Unchanged(member.release())
                : new InstallReceipt.Accepted(member.release());
    }

    private void tell(Assignment member, EnsembleReceipt.Refused refused) {
        if (member.release().appId().equals(refused.who())) {
            handover.tell(member, refused.refused());
        } else {
            reports.progress(
                    member,
                    UpdateState.UPDATE_STATE_REFUSED,
                    refused.refused().reason(),
                    others(refused.who(), refused.refused().detail()));
        }
    }

    private static String others(String who, String detail) {
        return "all or none: " + who + " was kept out: " + detail;
    }

    /** One was kept out before all were here: so are those that go with it, which are returned. */
    List<Assignment> keepOut(
            Assignment fault, List<Assignment> waiting, UpdateState state, String reason, String detail) {
        List<Assignment> out = waiting.stream()
                .filter(other -> fault.goesWith(other) && !other.equals(fault))
                .toList();
        for (Assignment other : out) {
            discard(other);
            reports.progress(other, state, reason, others(fault.release().appId(), detail));
        }
        return out;
    }

    /** Of what is wanted, that which nothing keeps out; what was kept out before the power went off stays out. */
    List<Assignment> admissible(List<Assignment> open, List<Assignment> wanted) {
        List<Assignment> in = new ArrayList<>();
        for (Assignment assignment : open) {
            Optional<Progress> failed = handover.failed(assignment, wanted);
            if (failed.isPresent()) {
                Progress word = failed.get();
                reports.progress(
                        assignment, word.getState(), word.getReason(), others(word.getAppId(), word.getDetail()));
            } else {
                in.add(assignment);
            }
        }
        keepOnly(in.stream().map(Assignment::id).collect(Collectors.toSet()));
        return in;
    }

    private void keepOnly(Set<String> ids) {
        here.entrySet().stream()
                .filter(kept -> !ids.contains(kept.getKey()))
                .forEach(kept -> kept.getValue().close());
        here.keySet().retainAll(ids);
    }

    private void discard(Assignment assignment) {
        PartialFile file = here.remove(assignment.id());
        if (file != null) {
            file.discard();
        }
    }

    void close() {
        here.values().forEach(PartialFile::close);
        here.clear();
    }
}
