package dev.bulkhead.cli.app;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.security.signing.Verdict;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead verify}: who signed a package, and whether they were allowed to. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Check a package: its form, its digests, its signature and its vendor. Exit status 5 if refused.",
        footer = {"", "Examples:", "  bulkhead verify com.acme.climate-1.0.0.sdvapp"})
public final class VerifyCommand implements Runnable {
    @Mixin
    private Output output;

    @Mixin
    private Home home;

    @Parameters(paramLabel = "PACKAGE")
    private Path file;

    @Option(
            names = "--root",
            paramLabel = "PEM",
            description = "The OEM root certificate (default: the key directory's).")
    private @Nullable Path root;

    @Override
    public void run() {
        PackageFile app = PackageFile.read(file);
        switch (new PackageVerifier(anchor(home, root), InstantSource.system()).verify(app.app())) {
            case Verdict.Trusted trusted -> accept(trusted);
            case Verdict.Refused refused ->
                throw CommandFailure.refused(
                        file + ": refused (" + refused.reason().word() + "): " + refused.detail(),
                        "bulkhead inspect " + file + " shows what is in it");
        }
    }

    private void accept(Verdict.Trusted trusted) {
        var statement = trusted.statement();
        if (output.isJson()) {
            output.json(Map.of(
                    "verdict", "trusted",
                    "vendor", trusted.vendor().vendor(),
                    "app", statement.appId(),
                    "version", statement.version(),
                    "release", statement.release(),
                    "digest", "sha256:" + statement.packageDigest().hex()));
        } else {
            output.line(output.paint(Style.GOOD, "trusted") + ": " + statement.appId() + " " + statement.version()
                    + " (release " + statement.release() + ") signed by "
                    + trusted.vendor().vendor() + ", owner of "
                    + trusted.vendor().appIdPrefix());
        }
    }

    static TrustAnchor anchor(Home home, @Nullable Path root) {
        Path pem = root == null ? home.keys().resolve("trust/oem-root.pem") : root;
        try {
            return new TrustAnchor(Certificates.readChain(pem), Set.of());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(
                    "no OEM root: " + e.getMessage(), "bulkhead keys init makes one; --root names another");
        }
    }
}
