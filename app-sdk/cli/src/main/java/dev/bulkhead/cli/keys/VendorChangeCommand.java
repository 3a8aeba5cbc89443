package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.server.web.Views;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead keys rotate-vendor|revoke-vendor NAME}: done, or only forecast. */
@Command(mixinStandardHelpOptions = true)
abstract sealed class VendorChangeCommand implements Runnable {
    @Mixin
    private KeyOptions options;

    @Mixin
    private FleetList fleet;

    @Option(names = "--dry-run", description = "Only say which of the vehicles of --fleet would go without what.")
    private boolean dryRun;

    @Parameters(paramLabel = "NAME", description = "A vendor: see bulkhead keys list.")
    private String name;

    private VendorChangeCommand() {}

    abstract void change(KeyOptions keys, String vendor);

    abstract VendorForecast forecast(VendorIdentity vendor, List<Views.Vehicle> vehicles);

    @Override
    public void run() {
        if (dryRun) {
            print(forecast(vendor(), fleet.vehicles()), options.output());
        } else {
            change(options, name);
        }
    }

    private VendorIdentity vendor() {
        try {
            return TrustAnchor.vendor(options.directory().vendorChain(name).getFirst())
                    .orElseThrow(() -> new KeyException("the certificate of " + name + " names no vendor"));
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
    }

    private static void print(VendorForecast forecast, Output output) {
        if (output.isJson()) {
            output.json(forecast);
            return;
        }
        if (forecast.vehicles() == 0) {
            output.line("no vehicles were given: --fleet FILE says whom to look at");
            return;
        }
        output.line(forecast.leftBehind().size() + " of " + forecast.vehicles()
                + " vehicles would go without something of " + forecast.vendor());
        if (!forecast.leftBehind().isEmpty()) {
            Table table = new Table("VEHICLE", "WHAT");
            forecast.leftBehind().forEach((vehicle, lines) -> lines.forEach(line -> table.row(vehicle, line)));
            output.table(table);
        }
    }

    @Command(
            name = "rotate-vendor",
            description = "Replace a vendor's key and certificate; the old ones go to retired/.",
            footer = {
                "",
                "Examples:",
                "  bulkhead vehicles --json > fleet.json",
                "  bulkhead keys rotate-vendor acme --dry-run --fleet fleet.json",
                "  bulkhead keys rotate-vendor acme"
            })
    static final class Rotate extends VendorChangeCommand {
        @Override
        void change(KeyOptions keys, String vendor) {
            keys.make("next key of vendor " + vendor, () -> {
                keys.directory().rotateVendor(vendor, keys.passphrase());
                keys.ceremony().addVendor(vendor, keys.passphrase());
            });
        }

        @Override
        VendorForecast forecast(VendorIdentity vendor, List<Views.Vehicle> vehicles) {
            return VendorForecast.ofRotation(vendor, vehicles);
        }
    }

    @Command(
            name = "revoke-vendor",
            description = "Withdraw a vendor: nothing it signed is installed any more.",
            footer = {
                "",
                "Examples:",
                "  bulkhead keys revoke-vendor acme --dry-run --fleet fleet.json",
                "  bulkhead keys revoke-vendor acme"
            })
    static final class Revoke extends VendorChangeCommand {
        @Override
        void change(KeyOptions keys, String vendor) {
            keys.make("revocation of vendor " + vendor, () -> keys.ceremony().revokeVendor(vendor, keys.passphrase()));
        }

        @Override
        VendorForecast forecast(VendorIdentity vendor, List<Views.Vehicle> vehicles) {
            return VendorForecast.ofRevocation(vendor, vehicles);
        }
    }
}
