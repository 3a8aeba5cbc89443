package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.Certificates;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * TLS to a databroker: version 1.3 or 1.2, to a server whose certificate leads to a known authority and carries its name.
 *
 * @param authorities PEM file with the certificates of who may sign the server's
 * @param identity what we show, when the server wants to know who comes
 * @param serverName the name the server's certificate carries; empty: the host that is connected to
 */
public record PeerTls(Path authorities, Optional<Identity> identity, Optional<String> serverName) {
    /**
     * Our certificate.
     *
     * @param chain PEM file, our certificate first
     * @param key PEM file with its private key, PKCS#8 and not encrypted
     */
    public record Identity(Path chain, Path key) {}

    public PeerTls {
        if (serverName.filter(name -> !name.matches("[A-Za-z0-9.:_-]{1,253}")).isPresent()) {
            throw new IllegalArgumentException("'" + serverName.get() + "' is no name of a server");
        }
    }

    /** @throws DriverException naming the file that cannot be used, and why */
    SslContext context() {
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(trusted().toArray(X509Certificate[]::new))
                .protocols("TLSv1.3", "TLSv1.2");
        identity.ifPresent(ours -> show(builder, ours));
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new DriverException("cannot set up TLS to the databroker: " + e.getMessage());
        }
    }

    private List<X509Certificate> trusted() {
        try {
            return Certificates.readChain(authorities);
        } catch (SecurityFailure e) {
            throw new DriverException("the databroker's authorities: " + e.getMessage());
        }
    }

    private static void show(SslContextBuilder builder, Identity ours) {
        try (InputStream chain = Files.newInputStream(ours.chain());
                InputStream key = Files.newInputStream(ours.key())) {
            builder.keyManager(chain, key);
        } catch (IOException e) {
            throw new DriverException("our certificate for the databroker: " + e.getMessage() + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw new DriverException("our certificate for the databroker: " + ours.chain()
                    + " is to hold PEM certificates and " + ours.key()
                    + " their private key, PKCS#8 without passphrase: "
                    + e.getMessage());
        }
    }
}
