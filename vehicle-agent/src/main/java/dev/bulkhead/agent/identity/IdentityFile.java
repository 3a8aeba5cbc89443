package dev.bulkhead.agent.identity;

import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.Pem;
import dev.bulkhead.security.keys.TlsIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate last given to the vehicle, with its key, in one PEM file of mode 600: replaced whole and durably, so that
 * after a power cut there is the old pair or the new one.
 */
record IdentityFile(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityFile.class);

    /** Empty when there is none yet, or when it cannot be used: then the vehicle enrols anew. */
    Optional<Credential> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            FileSigner key = FileSigner.read(file, Optional.empty());
            return Optional.of(new Credential(key, TlsIdentity.of(key, Certificates.readChain(file))));
        } catch (KeyException e) {
            LOG.error("the vehicle's certificate cannot be used and will be asked for anew: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** @throws KeyException when the file cannot be written; what was there before is still there */
    void replace(Credential credential) {
        String text = Pem.encode("PRIVATE KEY", credential.key().pkcs8())
                + Certificates.toPem(credential.tls().chain());
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            write(partial, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException e) {
            throw new KeyException(file + ": the vehicle's new certificate cannot be kept", e);
        }
    }

    private static void write(Path path, ByteBuffer content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel =
                FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    private void syncFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
