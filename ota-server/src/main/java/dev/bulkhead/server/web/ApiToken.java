package dev.bulkhead.server.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The secret that opens the API: 256 random bits in a file only the owner can read.
 *
 * @param value 43 characters of base64url
 */
public record ApiToken(String value) {
    private static final int BYTES = 32;

    public ApiToken {
        if (value.length() < BYTES) {
            throw new IllegalArgumentException("an API token has at least " + BYTES + " characters");
        }
    }

    /** The token in this file, made when there is none. */
    public static ApiToken in(Path file, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                byte[] secret = new byte[BYTES];
                random.nextBytes(secret);
                Path fresh = file.resolveSibling(file.getFileName() + ".new");
                Files.deleteIfExists(fresh);
                Files.createFile(
                        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the API token in " + file, e);
        }
    }

    /**
     * The token in this file.
     *
     * @throws NoSuchFileException when no server has been started there
     */
    public static ApiToken read(Path file) throws IOException {
        return new ApiToken(Files.readString(file).strip());
    }

    /** Whether an {@code Authorization} header carries this token; takes as long for a wrong one as for the right one. */
    boolean opens(String authorization) {
        byte[] expected = ("Bearer " + value).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "ApiToken[…]";
    }
}
