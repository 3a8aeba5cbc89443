package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.pack.PackageWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead pack}: a folder with an app becomes a package. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description = "Put app.toml and its module into a package. The same inputs give the same bytes.",
        footer = {
            "",
            "Examples:",
            "  bulkhead pack app-sdk/examples/climate",
            "  bulkhead pack . --manifest app-v2.toml -o climate.sdvapp"
        })
public final class PackCommand implements Runnable {
    @Mixin
    private Output output;

    @Parameters(paramLabel = "DIR", description = "Folder with the manifest and the module it names.")
    private Path folder;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            defaultValue = "app.toml",
            description = "The manifest, within DIR (default: ${DEFAULT-VALUE}).")
    private String manifestName = "app.toml";

    @Option(names = "--assets", paramLabel = "FILE", description = "Read-only files for the app, as tar+zstd.")
    private @Nullable Path assets;

    @Option(names = "--sbom", paramLabel = "FILE", description = "A CycloneDX bill of materials, JSON.")
    private @Nullable Path sbom;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The package (default: <app-id>-<version>.sdvapp here).")
    private @Nullable Path target;

    @Override
    public void run() {
        Path manifestPath = folder.resolve(manifestName);
        byte[] toml = PackageFile.bytes(manifestPath, PackageLimits.STANDARD.manifestBytes());
        try {
            Manifest manifest = ManifestParser.parse(toml, manifestPath.toString());
            byte[] module =
                    PackageFile.bytes(folder.resolve(manifest.app().module()), PackageLimits.STANDARD.moduleBytes());
            AppPackage app = PackageWriter.assemble(toml, module, read(assets), read(sbom));
            Path file = target == null ? Path.of(AppPackage.fileName(manifest)) : target;
            PackageFile.write(app, file);
            report(file, app, manifest);
        } catch (ContractException e) {
            throw CommandFailure.refused(String.valueOf(e.getMessage()), "docs/package.md describes every key");
        }
    }

    private static Optional<byte[]> read(@Nullable Path file) {
        return Optional.ofNullable(file).map(f -> PackageFile.bytes(f, PackageLimits.STANDARD.assetsBytes()));
    }

    private void report(Path file, AppPackage app, Manifest manifest) {
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("file", file.toString());
            document.put("app", manifest.app().id().text());
            document.put("version", manifest.app().version().toString());
            document.put("release", manifest.app().release());
            document.put("digest", app.packageDigest().toString());
            document.put("moduleBytes", app.module().size());
            output.json(document);
        } else {
            output.line("packed " + manifest.app().id() + " " + manifest.app().version() + " (module of "
                    + Quantity.bytes(app.module().size()) + ") into " + file);
            output.line("digest " + app.packageDigest());
        }
    }
}
