package dev.bulkhead.cli.tuf;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.tuf.FileMetadataStore;
import dev.bulkhead.security.tuf.MetadataLimits;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.TrustedMetadata;
import dev.bulkhead.security.tuf.Updater;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead tuf …}: exit status 0 when everything held, 1 when anything did not. */
@Command(
        name = "tuf",
        mixinStandardHelpOptions = true,
        description = "Verify any TUF repository over HTTP with the trust client of the vehicle.",
        footer = {
            "",
            "Examples:",
            "  bulkhead tuf --metadata-dir trust init root.json",
            "  bulkhead tuf --metadata-dir trust --metadata-url http://localhost:8001/metadata refresh",
            "  bulkhead tuf --metadata-dir trust --metadata-url http://localhost:8001/metadata \\",
            "      --target-name apps/one.bin --target-base-url http://localhost:8001/targets \\",
            "      --target-dir targets download --json"
        })
public final class TufCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--metadata-dir", paramLabel = "DIR", description = "Where believed metadata is kept.")
    private @Nullable Path metadataDir;

    @Option(names = "--metadata-url", paramLabel = "URL", description = "Where metadata is fetched from.")
    private @Nullable String metadataUrl;

    @Option(names = "--target-name", paramLabel = "PATH", description = "A target to download; may repeat.")
    private @Nullable List<String> targetNames;

    @Option(names = "--target-base-url", paramLabel = "URL", description = "Where targets are fetched from.")
    private @Nullable String targetBaseUrl;

    @Option(names = "--target-dir", paramLabel = "DIR", description = "Where verified targets are put.")
    private @Nullable Path targetDir;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which of init, refresh, download?");
    }

    @Command(mixinStandardHelpOptions = true, description = "Start from a root that is trusted already.")
    void init(
            @Parameters(paramLabel = "ROOT", description = "The trusted root.json.") Path root, @Mixin Output output) {
        report(output, () -> {
            byte[] content = read(root);
            TrustedMetadata trusted =
                    new TrustedMetadata(content, InstantSource.system().instant());
            store().save("root.json", content);
            return TufReport.of(trusted);
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Bring the top-level metadata up to date.")
    void refresh(@Mixin Output output) {
        report(output, () -> {
            try (HttpClient client = HttpSource.client()) {
                Updater updater = updater(client);
                updater.refresh();
                return TufReport.of(updater.trusted());
            }
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Bring metadata up to date and download targets.")
    void download(@Mixin Output output) {
        report(output, () -> {
            try (HttpClient client = HttpSource.client()) {
                return download(client);
            }
        });
    }

    private TufReport download(HttpClient client) {
        Updater updater = updater(client);
        updater.refresh();
        TargetFolder folder = new TargetFolder(
                need(targetDir, "--target-dir"), new HttpSource(client, need(targetBaseUrl, "--target-base-url")));
        boolean hashedNames = updater.trusted().root().consistentSnapshot();
        List<TufReport.Target> targets = new ArrayList<>();
        for (String name : need(targetNames, "--target-name")) {
            TargetFile target = updater.find(name)
                    .orElseThrow(() ->
                            new MetadataUnavailableException(name, "no role trusted with this path knows it", null));
            targets.add(new TufReport.Target(
                    name, folder.download(target, hashedNames).toString(), target.length()));
        }
        return TufReport.of(updater.trusted()).with(targets);
    }

    private Updater updater(HttpClient client) {
        return new Updater(
                new HttpSource(client, need(metadataUrl, "--metadata-url")),
                store(),
                InstantSource.system(),
                MetadataLimits.USUAL);
    }

    private FileMetadataStore store() {
        return new FileMetadataStore(need(metadataDir, "--metadata-dir"));
    }

    private <T> T need(@Nullable T value, String option) {
        if (value == null) {
            throw new ParameterException(spec.commandLine(), option + " is missing");
        }
        return value;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new MetadataUnavailableException(file.toString(), "cannot be read", e);
        }
    }

    private static void report(Output output, Supplier<TufReport> work) {
        TufReport report;
        try {
            report = work.get();
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "");
        }
        if (output.isJson()) {
            output.json(report);
        }
    }
}
