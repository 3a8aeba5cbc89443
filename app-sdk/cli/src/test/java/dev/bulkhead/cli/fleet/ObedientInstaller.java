package dev.bulkhead.cli.fleet;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Takes every package the fleet orders, keeps its bytes and calls it proven. */
final class ObedientInstaller implements PackageInstaller {
    private final List<Consumer<UpdateReport>> observers = new CopyOnWriteArrayList<>();
    private final Map<String, InstalledRelease> installed = new ConcurrentHashMap<>();
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();

    @Override
    public InstallReceipt install(InstallOrder order, Path content) {
        try {
            byte[] bytes = Files.readAllBytes(content);
            ReleaseRef release = order.expected().orElseThrow();
            contents.put(release.packageDigest(), bytes);
            return take(order, release);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InstallReceipt take(InstallOrder order, ReleaseRef release) {
        installed.put(release.appId(), new InstalledRelease(release, "0".repeat(64), length(release), "running"));
        UpdateReport report = new UpdateReport(order.assignment(), release, new UpdateOutcome.Proven());
        observers.forEach(observer -> observer.accept(report));
        return new InstallReceipt.Accepted(release);
    }

    private long length(ReleaseRef release) {
        return contents.getOrDefault(release.packageDigest(), new byte[0]).length;
    }

    @Override
    public EnsembleReceipt installTogether(EnsembleOrder order) {
        throw new UnsupportedOperationException("nothing is ordered together here");
    }

    @Override
    public InstallReceipt uninstall(String assignment, String appId) {
        installed.remove(appId);
        return new InstallReceipt.Refused("test", "nothing is uninstalled here");
    }

    @Override
    public boolean holds(String packageDigest) {
        return contents.containsKey(packageDigest);
    }

    @Override
    public InstallReceipt installStored(InstallOrder order) {
        return take(order, order.expected().orElseThrow());
    }

    @Override
    public List<InstalledRelease> installed() {
        return List.copyOf(installed.values());
    }

    @Override
    public List<UpdateReport> reports() {
        return List.of();
    }

    @Override
    public void observe(Consumer<UpdateReport> observer) {
        observers.add(observer);
    }

    byte[] content(String packageDigest) {
        return contents.getOrDefault(packageDigest, new byte[0]);
    }
}
