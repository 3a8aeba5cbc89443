package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reading and writing below one folder; paths are relative to it.
 *
 * @param root the folder, which may not exist yet
 * @param token where offline keys are made and lie, when there is one
 */
record KeyFolder(Path root, Optional<Pkcs11Token> token) {
    /** What follows the name of a file that is to replace it. */
    static final String NEXT = ".next";

    private static final int MOST_AT_ONCE = 1_000;

    Path resolve(String path) {
        return root.resolve(path);
    }

    boolean has(String path) {
        return Files.exists(resolve(path));
    }

    /** Names of the folders below this one that hold that file, sorted. */
    List<String> having(String name, String file) {
        Path parent = resolve(name);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (var entries = Files.list(parent)) {
            return entries.filter(entry -> Files.exists(entry.resolve(file)))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new KeyException(parent + ": cannot be listed", e);
        }
    }

    void refuseExisting(String path) {
        if (has(path)) {
            throw new KeyException(resolve(path) + ": exists already; keys are never written over");
        }
    }

    /** A key that lies here, or in the token that a reference here names. */
    Signer key(String path, Optional<char[]> passphrase) {
        Path file = resolve(path);
        Optional<TokenReference> reference = TokenReference.find(file);
        if (reference.isEmpty()) {
            return FileSigner.read(file, passphrase);
        }
        return reference
                .get()
                .open(
                        token.orElseThrow(() -> new KeyException(file + ": this key lies in a PKCS#11 token, as "
                                + reference.get().label() + "; name the token with --pkcs11")),
                        file);
    }

    /**
     * Makes a key that may lie in a token: there is one, and it knows the kind. Tokens make ECDSA P-256 keys.
     *
     * @param name for its label
     */
    NewKey newOfflineKey(
            String name, KeyScheme scheme, Optional<char[]> passphrase, InstantSource time, SecureRandom random) {
        if (token.isEmpty() || scheme == KeyScheme.ML_DSA_65) {
            return NewKey.inFile(FileSigner.generate(scheme, random), passphrase);
        }
        String label = "bulkhead-" + name.replace('/', '-') + "-" + time.millis() + "-"
                + HexFormat.of().toHexDigits(random.nextInt());
        return NewKey.inToken(token.get().generate(label, time, random), label);
    }

    void save(NewKey key, String path) {
        key.keep().accept(prepared(path));
    }

    List<X509Certificate> chain(String path) {
        return Certificates.readChain(resolve(path));
    }

    void save(FileSigner key, String path, Optional<char[]> passphrase) {
        key.write(prepared(path), passphrase);
    }

    void save(List<X509Certificate> chain, String path) {
        NewFile.writePublic(prepared(path), Certificates.toPem(chain).getBytes(StandardCharsets.US_ASCII));
    }

    /** Puts the following file in the place of the present one, which goes to {@code retired/}. */
    void replaceWithNext(String path, long unixMillis) {
        Path present = resolve(path);
        Path next = resolve(path + NEXT);
        Path retired = prepared(retiredName(path, unixMillis));
        try {
            if (Files.exists(present)) {
                Files.createLink(retired, present);
            }
            Files.move(next, present, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new KeyException(present + ": cannot be replaced by " + next, e);
        }
    }

    /** A name that is free: two may go within one millisecond. */
    private String retiredName(String path, long unixMillis) {
        for (long at = unixMillis; at < unixMillis + MOST_AT_ONCE; at++) {
            String name = "retired/" + path.replace('/', '-') + "." + at;
            if (!has(name)) {
                return name;
            }
        }
        throw new KeyException(resolve("retired") + ": no free name for " + path);
    }

    void discard(String path) {
        try {
            Files.deleteIfExists(resolve(path));
        } catch (IOException e) {
            throw new KeyException(resolve(path) + ": cannot be deleted", e);
        }
    }

    private Path prepared(String path) {
        Path file = resolve(path);
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(
                        parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return file;
        } catch (IOException e) {
            throw new KeyException(file + ": its folder cannot be made", e);
        }
    }
}
