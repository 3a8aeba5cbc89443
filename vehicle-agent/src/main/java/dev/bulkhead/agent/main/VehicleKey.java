package dev.bulkhead.agent.main;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
