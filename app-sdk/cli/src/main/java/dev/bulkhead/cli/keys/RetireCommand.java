package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.security.tuf.OemCeremony.Authority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead keys retire oem-root|oem-fleet}: ends the time in which two of them count. */
@Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description = {
            "Take back the OEM roots or fleet authorities before the present one.",
            "Vehicles follow by the next image root; restart the server afterwards."
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead vehicles --json > fleet.json",
            "  bulkhead keys retire oem-root --dry-run --fleet fleet.json",
            "  bulkhead keys retire oem-root",
            "  bulkhead keys retire oem-fleet"
        })
final class RetireCommand implements Runnable {
    @Mixin
    private KeyOptions options;

    @Parameters(paramLabel = "AUTHORITY", description = "oem-root or oem-fleet.")
    private String word;

    @Option(names = "--dry-run", description = "Only say what would happen, and who would be left behind.")
    private boolean dryRun;

    @Mixin
    private HeldRoots held;

    @Override
    public void run() {
        Authority authority = RotateCommand.authority(word)
                .orElseThrow(() -> CommandFailure.usage(
                        "nothing that is retired is called " + word,
                        "oem-root or oem-fleet; other keys are gone when they were rotated"));
        if (dryRun) {
            options.forecast(
                    held.of("image"),
                    vehicles -> options.oem().forecastRetirement(authority, vehicles, options.passphrase()));
        } else {
            options.make(
                    "retirement of what was before the present " + word,
                    () -> options.oem().retire(authority, options.passphrase()));
        }
    }
}
