package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;
import dev.bulkhead.contract.pack.PackageException;
import dev.bulkhead.contract.supply.SupplyException;
import dev.bulkhead.contract.supply.SupplyView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is in a package, before anyone trusts it. */
public final class PackageReport {
    private final Output output;

    public PackageReport(Output output) {
        this.output = output;
    }

    /** Prints the package in that file, as text or as one JSON document. */
    public void show(Path file) {
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
            if (value != null && !(value instanceof List<?>) && !(value instanceof Map<?, ?>)) {
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
        app.app().assets().ifPresent(packed -> output.line("  assets         " + words(assets(packed, manifest))));
        printSupply(app);
        Table asks = new Table("ASKS FOR", "BECAUSE");
        manifest.capabilities().forEach(ask -> asks.row(ask.grant().text(), ask.reason()));
        if (!asks.isEmpty()) {
            output.line("");
            output.table(asks);
        }
    }

    private static String words(Map<String, @Nullable Object> assets) {
        Object problem = assets.get("problem");
        return problem != null
                ? problem.toString()
                : assets.get("files") + " files, " + assets.get("unpackedBytes") + " bytes in memory";
    }

    private void printSupply(PackageFile app) {
        try {
            app.app()
                    .sbom()
                    .map(Blob::bytes)
                    .map(SupplyView::bom)
                    .ifPresent(bom -> output.line("  sbom           CycloneDX " + bom.specVersion() + ": "
                            + String.join(", ", bom.components())));
            app.app().provenance().map(Blob::bytes).map(SupplyView::origin).ifPresent(origin -> {
                output.line("  built by       " + origin.builder() + " with " + String.join(", ", origin.tools()));
                origin.command().ifPresent(command -> output.line("  built as       " + command));
                origin.sources().forEach(source -> output.line("  built from     " + source));
            });
        } catch (SupplyException e) {
            output.line(Style.WARN, "  " + e.getMessage());
        }
    }

    private static Map<String, @Nullable Object> assets(Blob packed, Manifest manifest) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        try {
            Assets assets = AssetArchive.unpack(packed, manifest.budget().memoryBytes());
            document.put("files", assets.files());
            document.put("unpackedBytes", assets.heldBytes());
        } catch (PackageException e) {
            document.put("problem", e.getMessage());
        }
        return document;
    }

    private static Map<String, @Nullable Object> bom(Blob json) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        try {
            SupplyView.Bom bom = SupplyView.bom(json.bytes());
            document.put("specVersion", bom.specVersion());
            document.put("serialNumber", bom.serialNumber());
            document.put("components", bom.components());
        } catch (SupplyException e) {
            document.put("problem", e.getMessage());
        }
        return document;
    }

    private static Map<String, @Nullable Object> origin(Blob json) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        try {
            SupplyView.Origin origin = SupplyView.origin(json.bytes());
            document.put("builder", origin.builder());
            document.put("command", origin.command().orElse(""));
            document.put("sources", origin.sources());
            document.put("tools", origin.tools());
        } catch (SupplyException e) {
            document.put("problem", e.getMessage());
        }
        return document;
    }

    private static Map<String, @Nullable Object> document(PackageFile app) {
        Manifest manifest = app.manifest();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("app", manifest.app().id().text());
        document.put("version", manifest.app().version().toString());
        document.put("release", manifest.app().release());
        document.put("abi", manifest.app().abi());
        document.put("digest", app.app().packageDigest().toString());
        document.put("module", app.app().module().digest().toString());
        document.put("moduleBytes", app.app().module().size());
        document.put("assetsBytes", size(app.app().assets()));
        document.put(
                "assets",
                app.app().assets().map(packed -> assets(packed, manifest)).orElse(null));
        document.put("sbomBytes", size(app.app().sbom()));
        document.put("sbom", app.app().sbom().map(PackageReport::bom).orElse(null));
        document.put(
                "provenance", app.app().provenance().map(PackageReport::origin).orElse(null));
        document.put("signed", app.app().signature().isPresent());
        document.put("budget", budget(manifest.budget()));
        document.put(
                "capabilities",
                manifest.capabilities().stream().map(PackageReport::ask).toList());
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
