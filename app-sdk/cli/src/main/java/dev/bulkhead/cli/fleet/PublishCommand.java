package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.app.PackageFile;
import dev.bulkhead.cli.home.Passphrase;
import dev.bulkhead.cli.home.Token;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.web.Views;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead publish}: a signed package goes to the server, under the vendor's own metadata. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Upload a signed package and put it into the vendor's trust metadata.",
            "The metadata is signed here, with the vendor's key; the server never has that key."
        },
        footer = {"", "Examples:", "  bulkhead publish com.acme.climate-1.0.0.sdvapp --vendor acme"})
public final class PublishCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Passphrase passphrase;

    @Mixin
    private Token token;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "PACKAGE", description = "A signed .sdvapp file.")
    private Path file;

    @Option(
            names = "--vendor",
            required = true,
            paramLabel = "NAME",
            description = "Whose key: see bulkhead keys list.")
    private String vendor;

    @Override
    public void run() {
        PackageFile app = PackageFile.read(file);
        app.signer()
                .map(VendorIdentity::vendor)
                .filter(name -> !name.equals(vendor))
                .ifPresent(signer -> {
                    throw CommandFailure.refused(
                            file + ": the package is signed by " + signer + ", not " + vendor, "--vendor " + signer);
                });
        VendorRole role = role();
        byte[] bytes = PackageWriter.write(app.app());
        Views.Release release = server.call(client -> client.publish(bytes, vendor, role));
        if (output.isJson()) {
            output.json(release);
        } else {
            output.line(output.paint(Style.GOOD, "published") + " " + release.appId() + " " + release.version()
                    + " (release " + release.release() + ") as " + release.targetPath());
        }
    }

    private VendorRole role() {
        InstantSource time = InstantSource.system();
        KeyDirectory keys =
                token.in(new KeyDirectory(server.home().keys(), time, new SecureRandom(), KeyDirectory.Validity.USUAL));
        try {
            return new VendorRole(keys.vendorSigners(vendor, passphrase.read()), time, Lifetimes.USUAL.vendor());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows whose keys are here");
        }
    }
}
