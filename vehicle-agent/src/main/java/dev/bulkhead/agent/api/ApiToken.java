package dev.bulkhead.agent.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** The secret that opens the local API: a file only the agent's user can read. Immutable. */
final class ApiToken {
    /** In the data folder. */
    static final String FILE = "api.token";

    private static final int BYTES = 32;

    private final byte[] header;

    private ApiToken(String token) {
        this.header = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    /** Makes a new token and writes it where the command line looks for it. */
    static ApiToken create(Path folder, RandomGenerator random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        Path file = folder.resolve(FILE);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return new ApiToken(token);
    }

    /** Whether this is the value of an authorization header that opens; takes the same time for every wrong one. */
    boolean opens(String authorization) {
        return MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.UTF_8));
    }
}
