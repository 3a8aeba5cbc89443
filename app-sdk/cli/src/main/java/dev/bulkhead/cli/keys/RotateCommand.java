package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.tuf.OemCeremony.Authority;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead keys rotate KEY}: the next key of a repository role, of the OEM root or of the fleet authority. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Replace a repository key: signs the next root with the present one.",
            "Or replace oem-root or oem-fleet: the present one counts too until bulkhead keys retire.",
            "Restart the server afterwards."
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead keys rotate image-timestamp",
            "  bulkhead vehicles --json > fleet.json",
            "  bulkhead keys rotate director-root --dry-run --fleet fleet.json",
            "  bulkhead keys rotate director-root --dry-run --vehicle VIN-1=2 --vehicle VIN-2=1",
            "  bulkhead keys rotate oem-root --dry-run --fleet fleet.json",
            "  bulkhead keys rotate oem-root --pkcs11 /usr/lib/softhsm/libsofthsm2.so --pin-file pin"
        })
final class RotateCommand implements Runnable {
    @Mixin
    private KeyOptions options;

    @Parameters(paramLabel = "KEY", description = "oem-root, oem-fleet, or such as image-root or director-timestamp.")
    private String word;

    @Option(names = "--dry-run", description = "Only say what would happen, and who would be left behind.")
    private boolean dryRun;

    @Mixin
    private HeldRoots held;

    @Override
    public void run() {
        Optional<Authority> authority = authority(word);
        if (authority.isPresent()) {
            rotate(authority.get());
        } else {
            rotate(key());
        }
    }

    private void rotate(Authority authority) {
        if (dryRun) {
            options.forecast(
                    held.of("image"),
                    vehicles -> options.oem().forecastRotation(authority, vehicles, options.passphrase()));
        } else {
            options.make("next " + word + " key", () -> options.oem().rotate(authority, options.passphrase()));
        }
    }

    private void rotate(RepositoryKey key) {
        if (dryRun) {
            options.forecast(
                    held.of(key.repository()),
                    vehicles -> options.ceremony().forecast(key, vehicles, options.passphrase()));
        } else {
            options.make(
                    "next " + key.word() + " key and root",
                    () -> options.ceremony().rotate(key, options.passphrase()));
        }
    }

    static Optional<Authority> authority(String word) {
        return Arrays.stream(Authority.values())
                .filter(each -> each.word().equals(word))
                .findFirst();
    }

    private RepositoryKey key() {
        return Arrays.stream(RepositoryKey.values())
                .filter(key -> key.word().equals(word))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage(
                        "no key is called " + word,
                        "one of "
                                + Stream.concat(
                                                Arrays.stream(Authority.values())
                                                        .map(Authority::word),
                                                Arrays.stream(RepositoryKey.values())
                                                        .map(RepositoryKey::word))
                                        .collect(Collectors.joining(", "))));
    }
}
