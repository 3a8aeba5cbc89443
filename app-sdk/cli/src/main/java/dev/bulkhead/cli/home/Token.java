package dev.bulkhead.cli.home;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.Pkcs11Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The PKCS#11 token offline keys lie in, to be mixed in; its PIN never stands on the command line itself. */
public final class Token {
    private static final int MOST_CHARACTERS = 256;

    @Option(
            names = "--pkcs11",
            paramLabel = "LIBRARY",
            description = "Make and use offline keys in the token of this PKCS#11 library, such as"
                    + " /usr/lib/softhsm/libsofthsm2.so.")
    private @Nullable Path library;

    @Option(
            names = "--pkcs11-slot",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which of the library's slots, from 0 (default: ${DEFAULT-VALUE}).")
    private int slot;

    @Option(
            names = "--pin-file",
            paramLabel = "FILE",
            description = "Read the token's PIN from the first line of FILE (default: $BULKHEAD_PIN).")
    private @Nullable Path pinFile;

    /** The directory with the token, when one was named. */
    public KeyDirectory in(KeyDirectory keys) {
        if (library == null) {
            if (pinFile != null) {
                throw CommandFailure.usage(
                        "--pin-file is of no use without --pkcs11", "--pkcs11 LIBRARY names the token");
            }
            return keys;
        }
        try {
            return keys.with(Pkcs11Token.open(library, slot, pin()));
        } catch (SecurityFailure e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw CommandFailure.failed(
                    e.getMessage() + ": " + cause.getMessage(),
                    "check library, slot and PIN; pkcs11-tool -L lists slots");
        }
    }

    private char[] pin() {
        if (pinFile == null) {
            String set = System.getenv("BULKHEAD_PIN");
            if (set == null) {
                throw CommandFailure.usage("the token wants a PIN", "--pin-file FILE, or set BULKHEAD_PIN");
            }
            return set.toCharArray();
        }
        try (var lines = Files.lines(pinFile)) {
            String first = lines.findFirst().orElse("");
            if (first.isEmpty() || first.length() > MOST_CHARACTERS) {
                throw CommandFailure.usage(
                        pinFile + ": wants a PIN of 1 to " + MOST_CHARACTERS + " characters in its first line", "");
            }
            return first.toCharArray();
        } catch (IOException e) {
            throw FileFault.unread(pinFile, e, "check the path and its mode");
        }
    }
}
