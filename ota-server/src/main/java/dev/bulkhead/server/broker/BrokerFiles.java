package dev.bulkhead.server.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The files the embedded broker reads at start: key stores and its configuration, readable by the owner alone.
 *
 * @param configuration folder with {@code config.xml} and the key stores
 * @param data the broker's working folder
 * @param extensions an empty folder; the only extension is ours, in process
 */
record BrokerFiles(Path configuration, Path data, Path extensions) {
    /** Protects nothing by itself (it stands beside the store): the file permissions do. The format demands one. */
    private static final String STORE_PASSWORD = "owner-only-file";

    static BrokerFiles write(BrokerSettings settings, TlsMaterial tls) {
        Path home = settings.directory();
        BrokerFiles files = new BrokerFiles(home.resolve("conf"), home.resolve("data"), home.resolve("extensions"));
        try {
            for (Path folder : List.of(files.configuration, files.data, files.extensions)) {
                Files.createDirectories(folder);
            }
            Path keys = files.configuration.resolve("server.jks");
            Path trust = files.configuration.resolve("clients.p12");
            writeStore(keys, keyStore(tls));
            writeStore(trust, trustStore(tls.clientAuthorities()));
            Files.writeString(
                    privateFile(files.configuration.resolve("config.xml")),
                    BrokerConfiguration.xml(settings, keys, trust, STORE_PASSWORD));
        } catch (IOException | GeneralSecurityException e) {
            throw new BrokerException("cannot write the broker's files under " + home + ": " + e.getMessage(), e);
        }
        return files;
    }

    private static KeyStore keyStore(TlsMaterial tls) throws GeneralSecurityException, IOException {
        // PKCS#12 puts a chain together again by names, and roots that follow one another have the same
        KeyStore store = emptyStore("JKS");
        store.setKeyEntry(
                "server", tls.key(), STORE_PASSWORD.toCharArray(), tls.chain().toArray(X509Certificate[]::new));
        return store;
    }

    private static KeyStore trustStore(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore("PKCS12");
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        return store;
    }

    private static KeyStore emptyStore(String kind) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(kind);
        store.load(null, null);
        return store;
    }

    private static void writeStore(Path file, KeyStore store) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(privateFile(file))) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private static Path privateFile(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
