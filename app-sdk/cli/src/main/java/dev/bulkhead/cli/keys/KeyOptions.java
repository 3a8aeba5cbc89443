package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.home.Passphrase;
import dev.bulkhead.cli.home.Token;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.OemCeremony;
import dev.bulkhead.security.tuf.RotationForecast;
import dev.bulkhead.security.tuf.TrustCeremony;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What every {@code keys} command shares. */
final class KeyOptions {
    @Mixin
    private Home home;

    @Mixin
    private Passphrase passphrase;

    @Mixin
    private Output output;

    @Mixin
    private Token token;

    private @Nullable KeyDirectory directory;

    /** With the token, when one was named; the same at each call, so that it is opened once. */
    KeyDirectory directory() {
        KeyDirectory opened = directory;
        if (opened == null) {
            opened = token.in(new KeyDirectory(
                    home.keys(), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL));
            directory = opened;
        }
        return opened;
    }

    TrustCeremony ceremony() {
        return new TrustCeremony(directory(), Lifetimes.USUAL, InstantSource.system());
    }

    OemCeremony oem() {
        return new OemCeremony(directory(), ceremony(), InstantSource.system());
    }

    Optional<char[]> passphrase() {
        return passphrase.read();
    }

    Output output() {
        return output;
    }

    /** Works it out for vehicles that hold these roots, and says who would be left behind. */
    void forecast(Map<String, Long> held, Function<Map<String, Long>, RotationForecast> work) {
        try {
            print(work.apply(held), held.size());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
    }

    private void print(RotationForecast forecast, int vehicles) {
        if (output.isJson()) {
            output.json(forecast);
            return;
        }
        output.line("would end with root " + forecast.newVersion() + "; "
                + (vehicles == 0
                        ? "no vehicles were given: --fleet FILE or --vehicle ID=VERSION says whom to look at"
                        : forecast.leftBehind().size() + " of " + vehicles + " vehicles would be left behind"));
        if (!forecast.leftBehind().isEmpty()) {
            Table table = new Table("VEHICLE", "WHY");
            forecast.leftBehind().forEach((vehicle, why) -> table.row(vehicle, why));
            output.table(table);
        }
    }

    /** The same of something that is made once, and after that only replaced. */
    void makeOnce(String what, String key, Runnable work) {
        if (Files.exists(home.keys().resolve(key))) {
            throw CommandFailure.failed(
                    home.keys().resolve(key) + ": exists already; keys are never written over",
                    "--replace makes the next one and puts this one into retired/");
        }
        make(what, work);
    }

    private String hint() {
        return Files.exists(home.keys().resolve("trust/oem-root.pem"))
                ? "bulkhead keys list shows what is there"
                : "bulkhead keys init makes the OEM root and the rest first";
    }

    /** Looks at what is there. */
    <T> T look(Function<KeyDirectory, T> work) {
        try {
            return work.apply(directory());
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), hint());
        }
    }

    /** Does it, and says what was made. */
    void make(String what, Runnable work) {
        try {
            work.run();
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), hint());
        }
        if (output.isJson()) {
            output.json(Map.of("made", what, "folder", home.keys().toString()));
        } else {
            output.line("made " + what + " in " + home.keys());
        }
    }
}
