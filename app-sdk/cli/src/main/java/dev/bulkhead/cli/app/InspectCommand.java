package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.pack.Blob;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead inspect}: what is in a package, before anyone trusts it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Show what is in a package: identity, digests, budget, what it asks for and why.",
        footer = {"", "Examples:", "  bulkhead inspect com.acme.climate-1.0.0.sdvapp --json"})
public final class InspectCommand implements Runnable {
    @Mixin
    private Output output;

    @Parameters(paramLabel = "PACKAGE")
    private Path file;

    @Override
    public void run() {
        PackageFile app = PackageFile.read(file);
        if (output.isJson()) {
            output.json(document(app));
        } else {
            print(app);
        }
    }

    private void print(PackageFile app) {
        Manifest manifest = app.manifest();
        output.line(
                Style.BOLD,
                manifest.app().id() + " " + manifest.app().version() + ", release "
                        + manifest.app().release());
        document(app).forEach((key, value) -> {
            if (!(value instanceof List<?>) && !(value instanceof Map<?, ?>)) {
                output.line(String.format("  %-14s %s", key, value));
            }
        });
        Manifest.Budget budget = manifest.budget();
        output.line("  budget         cpu " + budget.cpuQuota().toMillis() + " ms of "
                + budget.cpuPeriod().toMillis()
                + " ms, callback " + budget.callback().toMillis() + " ms, memory "
                + Quantity.bytes(budget.memoryBytes())
                + ", queue " + budget.queue() + ", storage " + Quantity.bytes(budget.storageBytes()) + ", on-exceed "
                + budget.onExceed());
        Table asks = new Table("ASKS FOR", "BECAUSE");
        manifest.capabilities().forEach(ask -> asks.row(ask.grant().text(), ask.reason()));
        if (!asks.isEmpty()) {
            output.line("");
            output.table(asks);
        }
    }

    private static Map<String, Object> document(PackageFile app) {
        Manifest manifest = app.manifest();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("app", manifest.app().id().text());
        document.put("version", manifest.app().version().toString());
        document.put("release", manifest.app().release());
        document.put("abi", manifest.app().abi());
        document.put("digest", app.app().packageDigest().toString());
        document.put("module", app.app().module().digest().toString());
        document.put("moduleBytes", app.app().module().size());
        document.put("assetsBytes", size(app.app().assets()));
        document.put("sbomBytes", size(app.app().sbom()));
        document.put("signed", app.app().signature().isPresent());
        document.put("budget", budget(manifest.budget()));
        document.put(
                "capabilities",
                manifest.capabilities().stream().map(InspectCommand::ask).toList());
        return document;
    }

    private static Map<String, Object> budget(Manifest.Budget budget) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("cpuQuotaMs", budget.cpuQuota().toNanos() / 1e6);
        document.put("cpuPeriodMs", budget.cpuPeriod().toNanos() / 1e6);
        document.put("callbackMs", budget.callback().toNanos() / 1e6);
        document.put("memoryBytes", budget.memoryBytes());
        document.put("queue", budget.queue());
        document.put("storageBytes", budget.storageBytes());
        document.put("logPerSecond", budget.logPerSecond());
        document.put("onExceed", budget.onExceed().toString());
        return document;
    }

    private static Map<String, String> ask(CapabilityRequest request) {
        return Map.of("grant", request.grant().text(), "reason", request.reason());
    }

    private static long size(Optional<Blob> blob) {
        return blob.map(Blob::size).orElse(0);
    }
}
