package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Blob;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageLimits;
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
        description = {
            "Put app.toml and its module into a package, with a bill of materials and where they come from.",
            "The same inputs give the same bytes."
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead pack app-sdk/examples/climate",
            "  bulkhead pack . --manifest app-v2.toml -o climate.sdvapp",
            "  bulkhead pack navigator --assets maps/"
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

    @Option(
            names = "--assets",
            paramLabel = "PATH",
            description = {
                "Read-only files for the app: a folder, or an archive (tar+zstd)",
                "(default: the folder assets within DIR, if it is there and the manifest asks for \"wasi assets\")."
            })
    private @Nullable Path assets;

    @Option(
            names = "--supply",
            paramLabel = "FILE",
            description = "What it was made of and how (default: supply.toml within DIR, if it is there).")
    private @Nullable Path supply;

    @Option(
            names = "--sbom",
            paramLabel = "FILE",
            description = "A CycloneDX bill of materials, JSON, instead of the one that is made.")
    private @Nullable Path sbom;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The package (default: <app-id>-<version>.sdvapp here).")
    private @Nullable Path target;

    @Override
    public void run() {
        AppFolder source = new AppFolder(folder, manifestName, Optional.ofNullable(supply));
        AppPackage app = source.assemble(Optional.ofNullable(assets), read(sbom, PackageLimits.STANDARD.sbomBytes()));
        Manifest manifest = ManifestParser.parse(
                app.manifest().bytes(), source.manifestPath().toString());
        Path file = target == null ? Path.of(AppPackage.fileName(manifest)) : target;
        PackageFile.write(app, file);
        report(file, app, manifest);
    }

    private static Optional<byte[]> read(@Nullable Path file, long most) {
        return Optional.ofNullable(file).map(f -> PackageFile.bytes(f, most));
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
            document.put("assetsBytes", app.assets().map(Blob::size).orElse(0));
            document.put(
                    "sbom", app.sbom().map(Blob::digest).map(Digest::toString).orElse(""));
            document.put(
                    "provenance",
                    app.provenance().map(Blob::digest).map(Digest::toString).orElse(""));
            output.json(document);
        } else {
            output.line("packed " + manifest.app().id() + " " + manifest.app().version() + " (module of "
                    + Quantity.bytes(app.module().size())
                    + app.assets()
                            .map(packed -> ", assets of " + Quantity.bytes(packed.size()))
                            .orElse("")
                    + ") into " + file);
            output.line("digest " + app.packageDigest());
        }
    }
}
