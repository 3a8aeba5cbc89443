package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.EnsembleOrder;
import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last step: a package to the installer's door, and what the installer says to the fleet. From there on the installer's
 * durable word counts, also after a power loss between the two. Used from the client's strand only.
 */
final class Handover {
    /** What the installer calls it when the package is not what it claims. */
    private static final Set<String> LIES = Set.of("signature", "downgrade", "mismatch", "malformed");

    private final PackageInstaller installer;
    private final AssignmentBook book;
    private final Reports reports;
    private final Alarm alarm;

    Handover(PackageInstaller installer, AssignmentBook book, Reports reports, Alarm alarm) {
        this.installer = installer;
        this.book = book;
        this.reports = reports;
        this.alarm = alarm;
    }

    /** False for an assignment that is settled, or that the installer has taken already. */
    boolean isOpen(Assignment assignment) {
        Optional<Progress> noted = book.find(assignment.id());
        boolean taken = installer.reports().stream()
                .anyMatch(report -> report.assignment().equals(assignment.id())
                        && report.release().equals(assignment.release()));
        if (taken && noted.isEmpty()) {
            reports.progress(assignment, UpdateState.UPDATE_STATE_INSTALLING, "", "");
            adopt();
        }
        return !taken && noted.filter(AssignmentBook::settled).isEmpty();
    }

    /** Takes over what the installer says now. */
    void adopt() {
        installer.reports().forEach(reports::outcome);
    }

    boolean isStored(Assignment assignment) {
        return installer.holds(assignment.sha256());
    }

    boolean runs(Assignment assignment) {
        return installer.installed().stream()
                .anyMatch(installed -> installed.release().equals(assignment.release()));
    }

    InstallReceipt stored(Assignment assignment) {
        return installer.installStored(order(assignment));
    }

    InstallReceipt file(Assignment assignment, Path content) {
        return installer.install(order(assignment), content);
    }

    /** @param files by assignment id; a package that is stored here already has none */
    EnsembleReceipt together(List<Assignment> members, Map<String, Path> files) {
        List<EnsembleOrder.Item> items = members.stream()
                .map(member -> new EnsembleOrder.Item(order(member), Optional.ofNullable(files.get(member.id()))))
                .toList();
        return installer.installTogether(
                new EnsembleOrder(members.getFirst().ensemble().orElseThrow(), items));
    }

    /** What became of the others before the power went off: one that failed keeps this one out, when it goes with it. */
    Optional<Progress> failed(Assignment assignment, List<Assignment> all) {
        return all.stream()
                .filter(assignment::goesWith)
                .flatMap(other -> book.find(other.id()).stream())
                .filter(word -> AssignmentBook.settled(word) && word.getState() != UpdateState.UPDATE_STATE_SUCCEEDED)
                .findFirst();
    }

    private static InstallOrder order(Assignment assignment) {
        return InstallOrder.fromFleet(assignment.id(), assignment.release());
    }

    /** Tells the fleet what the installer answered. */
    void tell(Assignment assignment, InstallReceipt receipt) {
        switch (receipt) {
            case InstallReceipt.Accepted _ -> {
                reports.progress(assignment, UpdateState.UPDATE_STATE_INSTALLING, "", "");
                adopt();
            }
            case InstallReceipt.Unchanged _ -> unchanged(assignment);
            case InstallReceipt.Refused refused -> {
                if (LIES.contains(refused.reason())) {
                    alarm.raise(refused.reason(), refused.detail());
                }
                reports.progress(assignment, UpdateState.UPDATE_STATE_REFUSED, refused.reason(), refused.detail());
            }
        }
    }

    /** The installer knows the order already: its word counts; without one, the release simply is what runs. */
    private void unchanged(Assignment assignment) {
        boolean known = installer.reports().stream()
                .anyMatch(report -> report.assignment().equals(assignment.id()));
        reports.progress(
                assignment,
                known ? UpdateState.UPDATE_STATE_INSTALLING : UpdateState.UPDATE_STATE_SUCCEEDED,
                "",
                known ? "" : "is installed already");
        adopt();
    }
}
