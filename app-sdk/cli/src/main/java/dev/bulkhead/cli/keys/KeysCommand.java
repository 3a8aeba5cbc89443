package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.home.Expiry;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead keys …}. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Make, replace and withdraw the keys and certificates of OEM, vendors, vehicles and server.",
        subcommands = {
            RotateCommand.class,
            RetireCommand.class,
            VendorChangeCommand.Rotate.class,
            VendorChangeCommand.Revoke.class
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead keys init",
            "  bulkhead keys init --pkcs11 /usr/lib/softhsm/libsofthsm2.so --pin-file pin",
            "  bulkhead keys vendor acme --prefix com.acme",
            "  bulkhead keys vehicle VIN-0001",
            "  bulkhead keys server --host ota.example",
            "  bulkhead keys rotate image-root --dry-run --fleet fleet.json",
            "  bulkhead keys rotate oem-root",
            "  bulkhead keys retire oem-root --dry-run --fleet fleet.json",
            "  bulkhead keys revoke-vendor acme"
        })
public final class KeysCommand {
    @Command(
            mixinStandardHelpOptions = true,
            description = "Make the OEM root, the fleet authority and the repository keys.")
    void init(@Mixin KeyOptions options) {
        options.make("OEM root, fleet authority and repository keys", () -> {
            Optional<char[]> passphrase = options.passphrase();
            options.directory().init(passphrase);
            options.ceremony().init(passphrase);
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Make a vendor's package key and certificate.")
    void vendor(
            @Mixin KeyOptions options,
            @Parameters(paramLabel = "NAME", description = "a-z, 0-9 and -") String name,
            @Option(
                            names = "--prefix",
                            required = true,
                            paramLabel = "ID",
                            description = "The app-id prefix the vendor owns, such as com.acme.")
                    String prefix,
            @Option(
                            names = "--hybrid",
                            description = "Also make an ML-DSA-65 key: its metadata then wants both signatures.")
                    boolean hybrid) {
        options.make("vendor " + name + " for " + prefix, () -> {
            Optional<char[]> passphrase = options.passphrase();
            options.directory().addVendor(new VendorIdentity(name, prefix), passphrase);
            if (hybrid) {
                options.directory().addVendorHybridKey(name, passphrase);
            }
            options.ceremony().addVendor(name, passphrase);
        });
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Make a vehicle's first certificate, and the bootstrap one it enrols with.")
    void vehicle(
            @Mixin KeyOptions options,
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--replace",
                            description = "Make the next ones of a vehicle that has some, which go to retired/.")
                    boolean replace) {
        if (replace) {
            options.make(
                    "next identities of vehicle " + id,
                    () -> options.directory().replaceVehicle(id, options.passphrase()));
        } else {
            options.makeOnce(
                    "vehicle " + id,
                    "vehicles/" + id + "/vehicle.key",
                    () -> options.directory().addVehicle(id, options.passphrase()));
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Make the fleet server's TLS key and certificate.")
    void server(
            @Mixin KeyOptions options,
            @Option(names = "--host", paramLabel = "NAME", description = "A host name besides loopback; may repeat.")
                    List<String> hosts,
            @Option(
                            names = "--replace",
                            description = "Make the next one, also for the names of the present one, which goes to"
                                    + " retired/. Restart the server afterwards.")
                    boolean replace) {
        List<String> names = hosts == null ? List.of() : hosts;
        if (replace) {
            options.make("next server key", () -> options.directory().replaceServer(names, options.passphrase()));
        } else {
            options.makeOnce(
                    "server", "server/server.key", () -> options.directory().addServer(names, options.passphrase()));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Make, or replace, the authority the fleet server renews vehicles' certificates with.",
                "The old one goes to retired/; vehicles with certificates of it enrol anew when the server was restarted."
            })
    void enrolment(@Mixin KeyOptions options) {
        options.make("enrolment authority", () -> options.directory().replaceEnrolmentAuthority(options.passphrase()));
    }

    @Command(mixinStandardHelpOptions = true, description = "List who has a certificate here, and until when.")
    void list(@Mixin KeyOptions options) {
        List<Holder> holders = options.look(KeysCommand::holders);
        Output output = options.output();
        if (output.isJson()) {
            output.json(holders);
            return;
        }
        Table table = new Table("KIND", "NAME", "OWNS", "VALID UNTIL");
        holders.forEach(
                h -> table.row(h.kind(), h.name(), h.owns(), h.validUntil() + (h.expired() ? " (expired)" : "")));
        output.table(table);
    }

    private record Holder(String kind, String name, String owns, String validUntil, boolean expired) {
        static Holder of(String kind, String name, String owns, X509Certificate certificate) {
            return new Holder(
                    kind,
                    name,
                    owns,
                    certificate.getNotAfter().toInstant().toString(),
                    new Expiry(InstantSource.system().instant()).isOver(certificate));
        }
    }

    private static List<Holder> holders(KeyDirectory directory) {
        List<Holder> holders = new ArrayList<>();
        directory.trustAnchor().roots().forEach(root -> holders.add(Holder.of("oem", "root", "", root)));
        directory.fleetAuthorities().forEach(fleet -> holders.add(Holder.of("oem", "fleet", "", fleet)));
        directory
                .enrolmentAuthority()
                .ifPresent(authority -> holders.add(Holder.of("oem", "enrolment", "", authority.certificate())));
        if (Files.exists(directory.folder().resolve("server/server.key"))) {
            holders.add(
                    Holder.of("server", "server", "", directory.server().chain().getFirst()));
        }
        for (String vendor : directory.vendors()) {
            X509Certificate leaf = directory.vendorChain(vendor).getFirst();
            String prefix =
                    TrustAnchor.vendor(leaf).map(VendorIdentity::appIdPrefix).orElse("");
            holders.add(Holder.of("vendor", vendor, prefix, leaf));
        }
        for (String vehicle : directory.vehicles()) {
            holders.add(Holder.of(
                    "vehicle", vehicle, "", directory.vehicle(vehicle).chain().getFirst()));
        }
        return holders;
    }
}
