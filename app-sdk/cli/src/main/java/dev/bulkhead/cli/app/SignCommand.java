package dev.bulkhead.cli.app;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.home.Passphrase;
import dev.bulkhead.cli.home.Token;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead sign}: the vendor's signature goes into the package. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Sign a package with a vendor's key from the key directory.",
        footer = {"", "Examples:", "  bulkhead sign com.acme.climate-1.0.0.sdvapp --vendor acme"})
public final class SignCommand implements Runnable {
    @Mixin
    private Output output;

    @Mixin
    private Home home;

    @Mixin
    private Passphrase passphrase;

    @Mixin
    private Token token;

    @Parameters(paramLabel = "PACKAGE", description = "The .sdvapp file; it is replaced by the signed one.")
    private Path file;

    @Option(
            names = "--vendor",
            required = true,
            paramLabel = "NAME",
            description = "Whose key: see bulkhead keys list.")
    private String vendor;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the signed package there instead.")
    private @Nullable Path target;

    @Override
    public void run() {
        PackageFile unsigned = PackageFile.read(file);
        KeyDirectory keys = token.in(
                new KeyDirectory(home.keys(), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL));
        try {
            new SigningRight(keys, vendor)
                    .require(
                            unsigned.manifest().app().id().text(),
                            InstantSource.system().instant());
            PackageSigner signer =
                    new PackageSigner(keys.vendorKey(vendor, passphrase.read()), keys.vendorChain(vendor));
            byte[] envelope = signer.sign(PackageStatement.of(unsigned.app())).encode();
            Path signed = target == null ? file : target;
            PackageFile.write(unsigned.app().signedBy(envelope), signed);
            report(signed, unsigned);
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows whose keys are here");
        }
    }

    private void report(Path signed, PackageFile app) {
        if (output.isJson()) {
            output.json(Map.of(
                    "file", signed.toString(),
                    "vendor", vendor,
                    "digest", app.app().packageDigest().toString()));
        } else {
            output.line("signed " + app.manifest().app().id() + " "
                    + app.manifest().app().version() + " as " + vendor + " into " + signed);
        }
    }
}
