package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.EnsembleOrder;
import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.InstalledRelease;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The lifecycle room's door in memory: keeps what it was given and reports what the test says. */
final class RecordingInstaller implements PackageInstaller {
    final Map<String, byte[]> stored = new HashMap<>();
    final List<String> calls = new ArrayList<>();
    final Map<String, InstalledRelease> installed = new TreeMap<>();
    final Map<String, UpdateReport> reports = new TreeMap<>();
    Optional<InstallReceipt> answer = Optional.empty();
    Optional<EnsembleReceipt> together = Optional.empty();
    private Consumer<UpdateReport> observer = report -> {};

    @Override
    public InstallReceipt install(InstallOrder order, Path content) {
        calls.add("install " + order.assignment());
        if (answer.isPresent()) {
            return answer.get();
        }
        try {
            stored.put(order.expected().orElseThrow().packageDigest(), Files.readAllBytes(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return accept(order);
    }

    private InstallReceipt accept(InstallOrder order) {
        ReleaseRef release = order.expected().orElseThrow();
        report(new UpdateReport(order.assignment(), release, new UpdateOutcome.Activating()));
        return new InstallReceipt.Accepted(release);
    }

    void report(UpdateReport report) {
        reports.put(report.release().appId(), report);
        if (report.outcome() instanceof UpdateOutcome.Proven) {
            installed.put(
                    report.release().appId(), new InstalledRelease(report.release(), "00".repeat(32), 7, "running"));
        }
        observer.accept(report);
    }

    void settle(String assignment, UpdateOutcome outcome) {
        UpdateReport last = reports.values().stream()
                .filter(report -> report.assignment().equals(assignment))
                .findFirst()
                .orElseThrow();
        report(new UpdateReport(assignment, last.release(), outcome));
    }

    @Override
    public EnsembleReceipt installTogether(EnsembleOrder order) {
        calls.add("together " + order.ensemble() + " "
                + order.items().stream()
                        .map(item -> item.order().assignment() + (item.content().isPresent() ? "" : " stored"))
                        .toList());
        if (together.isPresent()) {
            return together.get();
        }
        List<ReleaseRef> releases = order.items().stream()
                .map(item -> item.order().expected().orElseThrow())
                .toList();
        order.items().stream()
                .filter(item -> installed.values().stream()
                        .noneMatch(each ->
                                each.release().equals(item.order().expected().orElseThrow())))
                .forEach(item -> accept(item.order()));
        return new EnsembleReceipt.Accepted(releases);
    }

    @Override
    public InstallReceipt uninstall(String assignment, String appId) {
        throw new UnsupportedOperationException("the client never uninstalls");
    }

    @Override
    public boolean holds(String packageDigest) {
        return stored.containsKey(packageDigest);
    }

    @Override
    public InstallReceipt installStored(InstallOrder order) {
        calls.add("installStored " + order.assignment());
        return answer.orElseGet(() -> accept(order));
    }

    @Override
    public List<InstalledRelease> installed() {
        return List.copyOf(installed.values());
    }

    @Override
    public List<UpdateReport> reports() {
        return List.copyOf(reports.values());
    }

    @Override
    public void observe(Consumer<UpdateReport> consumer) {
        observer = consumer;
    }
}
