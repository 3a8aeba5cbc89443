package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import java.nio.file.Path;
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

    InstallReceipt stored(Assignment assignment) {
        return installer.installStored(order(assignment));
    }

    InstallReceipt file(Assignment assignment, Path content) {
        return installer.install(order(assignment), content);
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
