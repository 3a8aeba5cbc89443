package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.pack.AppPackage;
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
        return new AppFolder(folder, manifestName).assemble(Optional.empty(), Optional.empty());
    }
}
