package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.tuf.RotationForecast;
import dev.bulkhead.server.web.Views;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead keys rotate KEY}: the next key of a repository role, and the root that names it. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description =
                "Replace a repository key: signs the next root with the present one. Restart the server afterwards.",
        footer = {
            "",
            "Examples:",
            "  bulkhead keys rotate image-timestamp",
            "  bulkhead vehicles --json > fleet.json",
            "  bulkhead keys rotate director-root --dry-run --fleet fleet.json",
            "  bulkhead keys rotate director-root --dry-run --vehicle VIN-1=2 --vehicle VIN-2=1",
            "  bulkhead keys rotate image-root --pkcs11 /usr/lib/softhsm/libsofthsm2.so --pin-file pin"
        })
final class RotateCommand implements Runnable {
    @Mixin
    private KeyOptions options;

    @Parameters(paramLabel = "KEY", description = "Such as image-root or director-timestamp.")
    private String word;

    @Option(names = "--dry-run", description = "Only say what would happen, and who would be left behind.")
    private boolean dryRun;

    @Mixin
    private FleetList fleet;

    @Option(names = "--vehicle", paramLabel = "ID=VERSION", description = "Root version a vehicle holds; may repeat.")
    private @Nullable Map<String, Long> vehicles;

    @Override
    public void run() {
        RepositoryKey key = key();
        if (dryRun) {
            print(forecast(key));
        } else {
            options.make(
                    "next " + key.word() + " key and root",
                    () -> options.ceremony().rotate(key, options.passphrase()));
        }
    }

    private RotationForecast forecast(RepositoryKey key) {
        try {
            return options.ceremony().forecast(key, rootVersions(key), options.passphrase());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
    }

    /** What each vehicle last said it believes; one that never said so is not known to follow. */
    private Map<String, Long> rootVersions(RepositoryKey key) {
        Map<String, Long> versions = new TreeMap<>();
        for (Views.Vehicle vehicle : fleet.vehicles()) {
            versions.put(vehicle.id(), key.repository().equals("image") ? vehicle.imageRoot() : vehicle.directorRoot());
        }
        if (vehicles != null) {
            versions.putAll(vehicles);
        }
        return versions;
    }

    private void print(RotationForecast forecast) {
        Output output = options.output();
        if (output.isJson()) {
            output.json(forecast);
            return;
        }
        output.line("would sign root " + forecast.newVersion() + "; "
                + forecast.leftBehind().size() + " vehicles would be left behind");
        if (!forecast.leftBehind().isEmpty()) {
            Table table = new Table("VEHICLE", "WHY");
            forecast.leftBehind().forEach((vehicle, why) -> table.row(vehicle, why));
            output.table(table);
        }
    }

    private RepositoryKey key() {
        return Arrays.stream(RepositoryKey.values())
                .filter(key -> key.word().equals(word))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage(
                        "no repository key is called " + word,
                        "one of "
                                + Arrays.stream(RepositoryKey.values())
                                        .map(RepositoryKey::word)
                                        .collect(Collectors.joining(", "))));
    }
}
