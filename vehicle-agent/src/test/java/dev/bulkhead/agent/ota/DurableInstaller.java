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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** The least installer that survives a kill: one file that runs, replaced at once, and the order it came by. */
final class DurableInstaller implements PackageInstaller {
    private final Path directory;

    DurableInstaller(Path directory) {
        this.directory = directory;
    }

    Path running() {
        return directory.resolve("running");
    }

    private Path report() {
        return directory.resolve("report");
    }

    @Override
    public InstallReceipt install(InstallOrder order, Path content) {
        ReleaseRef release = order.expected().orElseThrow();
        try {
            replace(content, running());
            Path told = Files.writeString(
                    directory.resolve("told"),
                    order.assignment() + "\n" + release.appId() + "\n" + release.release() + "\n"
                            + release.packageDigest());
            replace(told, report());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new InstallReceipt.Accepted(release);
    }

    private void replace(Path from, Path to) throws IOException {
        Path beside = directory.resolve(to.getFileName() + ".new");
        Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public EnsembleReceipt installTogether(EnsembleOrder order) {
        throw new UnsupportedOperationException("nothing is ordered together here");
    }

    @Override
    public InstallReceipt uninstall(String assignment, String appId) {
        throw new UnsupportedOperationException("the client never uninstalls");
    }

    @Override
    public boolean holds(String packageDigest) {
        return reports().stream()
                .anyMatch(told -> told.release().packageDigest().equals(packageDigest));
    }

    @Override
    public InstallReceipt installStored(InstallOrder order) {
        return new InstallReceipt.Unchanged(order.expected().orElseThrow());
    }

    @Override
    public List<InstalledRelease> installed() {
        return List.of();
    }

    @Override
    public List<UpdateReport> reports() {
        try {
            if (!Files.exists(report())) {
                return List.of();
            }
            List<String> lines = Files.readAllLines(report());
            ReleaseRef release = new ReleaseRef(lines.get(1), lines.get(2), Long.parseLong(lines.get(2)), lines.get(3));
            return List.of(new UpdateReport(lines.get(0), release, new UpdateOutcome.Proven()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void observe(Consumer<UpdateReport> observer) {}
}
