package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** The keys that sign bearer tokens, from a PEM file with one or more public keys. */
final class TokenKeys {
    private static final List<String> ALGORITHMS = List.of("Ed25519", "EC", "RSA");

    private TokenKeys() {}

    static List<PublicKey> read(Path file) {
        try {
            List<PublicKey> keys = Pem.decode(Files.readString(file)).stream()
                    .filter(block -> block.label().equals("PUBLIC KEY"))
                    .map(block -> key(block.der(), file))
                    .toList();
            if (keys.isEmpty()) {
                throw CommandFailure.failed(
                        file + " has no PUBLIC KEY block", "openssl pkey -in KEY -pubout makes one of a private key");
            }
            return keys;
        } catch (IOException | SecurityFailure e) {
            throw FileFault.unread(file, e, "check the path");
        }
    }

    private static PublicKey key(byte[] der, Path file) {
        return ALGORITHMS.stream()
                .flatMap(algorithm -> key(der, algorithm).stream())
                .findFirst()
                .orElseThrow(
                        () -> CommandFailure.failed(file + " holds a key that is neither Ed25519, EC nor RSA", ""));
    }

    private static Optional<PublicKey> key(byte[] der, String algorithm) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
