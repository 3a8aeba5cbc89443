package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {
    private final Path folder;
    private final KeyDirectory keys;

    MutualTlsTest(@TempDir Path folder) {
        this.folder = folder;
        this.keys = directory(folder.resolve("keys"));
    }

    @BeforeEach
    void makeKeys() {
        keys.init(Optional.empty());
        keys.addServer(List.of(), Optional.empty());
        keys.addVehicle("VIN-1", Optional.empty());
    }

    @Test
    void letsAVehicleInByItsCertificateOverTls13() throws Exception {
        assertEquals("VIN-1 TLSv1.3", serve(MutualTls.context(keys.vehicle("VIN-1"), keys.trustAnchor())));
    }

    @Test
    void refusesAVehicleOfAnotherRoot() {
        KeyDirectory stranger = directory(folder.resolve("stranger"));
        stranger.init(Optional.empty());
        stranger.addVehicle("VIN-1", Optional.empty());
        SSLContext context = MutualTls.context(stranger.vehicle("VIN-1"), keys.trustAnchor());
        assertThrows(ExecutionException.class, () -> serve(context));
    }

    @Test
    void refusesAServerOfAnotherRoot() {
        KeyDirectory stranger = directory(folder.resolve("stranger"));
        stranger.init(Optional.empty());
        SSLContext context = MutualTls.context(keys.vehicle("VIN-1"), stranger.trustAnchor());
        assertThrows(ExecutionException.class, () -> serve(context));
    }

    /** What the server learns of the client: name and protocol. */
    private String serve(SSLContext clientContext) throws Exception {
        SSLContext serverContext = MutualTls.context(keys.server(), keys.trustAnchor());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SSLServerSocket server = (SSLServerSocket) serverContext
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSSLParameters(MutualTls.parameters(serverContext));
            server.setSoTimeout(20_000);
            Future<String> seen = threads.submit(accept(server));
            Future<Boolean> client = threads.submit(connect(clientContext, server.getLocalPort()));
            client.get();
            return seen.get();
        }
    }

    private static Callable<String> accept(SSLServerSocket server) {
        return () -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(20_000);
                socket.startHandshake();
                X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return Certificates.commonName(peer) + " " + socket.getSession().getProtocol();
            }
        };
    }

    private static Callable<Boolean> connect(SSLContext context, int port) {
        return () -> {
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSSLParameters(MutualTls.parameters(context));
                socket.startHandshake();
                return socket.getInputStream().read() < 0;
            } catch (IOException e) {
                return false;
            }
        };
    }

    private static KeyDirectory directory(Path folder) {
        return new KeyDirectory(folder, InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
    }
}
