package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands in a key file when the key lies in a PKCS#11 token: its label there and its public half, as two PEM blocks.
 *
 * @param label as the token knows it
 * @param publicKey ECDSA P-256
 */
record TokenReference(String label, VerificationKey publicKey) {
    private static final String LABEL = "BULKHEAD TOKEN KEY LABEL";
    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_LABEL = 256;

    /** The reference in a key file; empty when the file holds the key itself, or is not there. */
    static Optional<TokenReference> find(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) > MOST_BYTES) {
                return Optional.empty(); // whoever reads it as a key says what is wrong
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            Optional<Pem.Block> label = Pem.find(text, LABEL);
            if (label.isEmpty()) {
                return Optional.empty();
            }
            byte[] name = label.get().der();
            if (name.length == 0 || name.length > MOST_LABEL) {
                throw new KeyException(
                        file + ": a token's label of " + name.length + " bytes, wants 1 to " + MOST_LABEL);
            }
            String publicText = Pem.encode("PUBLIC KEY", Pem.publicDer(text));
            return Optional.of(new TokenReference(
                    new String(name, StandardCharsets.UTF_8), new VerificationKey(KeyScheme.ECDSA_P256, publicText)));
        } catch (IOException e) {
            throw new KeyException(file + ": cannot be read as a key file", e);
        }
    }

    void write(Path file) {
        String text = Pem.encode(LABEL, label.getBytes(StandardCharsets.UTF_8)) + publicKey.publicText();
        NewFile.writeSecret(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The key in the token.
     *
     * @throws KeyException when it is not there, or another one has its label
     */
    Signer open(Pkcs11Token token, Path file) {
        Signer signer = token.signer(label);
        if (!signer.publicKey().equals(publicKey)) {
            throw new KeyException(file + ": the token's key " + label + " is another one; is this the right token?");
        }
        return signer;
    }
}
