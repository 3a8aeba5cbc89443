package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.pack.PackageWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** App folders as vendors have them: a manifest and the module it names. */
public final class ExampleApps {
    /** The examples of the SDK that run side by side, in the order they are installed. */
    public static final List<String> NAMES = List.of("climate", "speedadvisor", "ecocoach", "hog", "brakejack");

    private ExampleApps() {}

    /** Where the SDK's examples lie. */
    public static Path folder() {
        Path examples = Path.of(System.getProperty("bulkhead.home", "."), "app-sdk", "examples");
        if (!Files.isDirectory(examples)) {
            throw CommandFailure.failed("the SDK's examples are not in " + examples, "name app folders instead");
        }
        return examples;
    }

    /** An unsigned package of the app in a folder. */
    public static AppPackage assemble(Path folder, String manifestName) {
        Path manifestPath = folder.resolve(manifestName);
        byte[] toml = PackageFile.bytes(manifestPath, PackageLimits.STANDARD.manifestBytes());
        try {
            Manifest manifest = ManifestParser.parse(toml, manifestPath.toString());
            byte[] module =
                    PackageFile.bytes(folder.resolve(manifest.app().module()), PackageLimits.STANDARD.moduleBytes());
            return PackageWriter.assemble(toml, module, Optional.empty(), Optional.empty());
        } catch (ContractException e) {
            throw CommandFailure.refused(String.valueOf(e.getMessage()), "docs/package.md describes every key");
        }
    }
}
