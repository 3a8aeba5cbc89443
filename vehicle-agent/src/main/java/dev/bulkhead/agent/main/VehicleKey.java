package dev.bulkhead.agent.main;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;

/** The vehicle's Ed25519 key, made at the first start and kept in the data folder. */
final class VehicleKey {
    static final String FILE = "vehicle-audit.key";

    private VehicleKey() {}

    static FileSigner in(Path dataDir, SecureRandom random) {
        Path file = dataDir.resolve(FILE);
        if (!Files.exists(file)) {
            FileSigner.generate(KeyScheme.ED25519, random).write(file, Optional.empty());
        }
        return FileSigner.read(file, Optional.empty());
    }

    /** A secret for one purpose that only this installation can know: SHA-256 over the purpose and the private key. */
    static byte[] secretFor(String purpose, FileSigner key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((purpose + "\0").getBytes(StandardCharsets.UTF_8));
            return digest.digest(key.pkcs8());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
