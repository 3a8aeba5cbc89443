package dev.bulkhead.cli.keys;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.home.Passphrase;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What every {@code keys} command shares. */
final class KeyOptions {
    @Mixin
    private Home home;

    @Mixin
    private Passphrase passphrase;

    @Mixin
    private Output output;

    KeyDirectory directory() {
        return new KeyDirectory(home.keys(), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
    }

    TrustCeremony ceremony() {
        return new TrustCeremony(directory(), Lifetimes.USUAL, InstantSource.system());
    }

    Optional<char[]> passphrase() {
        return passphrase.read();
    }

    Output output() {
        return output;
    }

    /** Does it, and says what was made. */
    void make(String what, Runnable work) {
        try {
            work.run();
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
        if (output.isJson()) {
            output.json(Map.of("made", what, "folder", home.keys().toString()));
        } else {
            output.line("made " + what + " in " + home.keys());
        }
    }
}
