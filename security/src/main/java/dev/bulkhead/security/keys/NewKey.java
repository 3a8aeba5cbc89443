package dev.bulkhead.security.keys;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A key that was just made and is not in the key directory yet.
 *
 * @param signer uses it
 * @param keep writes what the directory holds of it: the key itself, or where in a token it lies
 */
record NewKey(Signer signer, Consumer<Path> keep) {
    static NewKey inFile(FileSigner key, Optional<char[]> passphrase) {
        return new NewKey(key, file -> key.write(file, passphrase));
    }

    static NewKey inToken(Signer signer, String label) {
        return new NewKey(signer, new TokenReference(label, signer.publicKey())::write);
    }

    VerificationKey publicKey() {
        return signer.publicKey();
    }
}
