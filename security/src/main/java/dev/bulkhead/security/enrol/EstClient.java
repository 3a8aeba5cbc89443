package dev.bulkhead.security.enrol;

import dev.bulkhead.security.keys.CertificateBundle;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChannelBinding;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.est.ESTException;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.jcajce.ChannelBindingProvider;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.est.jcajce.SSLSocketFactoryCreator;
import org.bouncycastle.util.Selector;
import org.bouncycastle.util.Store;

/**
 * Enrollment over Secure Transport (RFC 7030) by Bouncy Castle's client, over TLS 1.3 with the vehicle's certificate. The
 * proof of possession is the request's own signature over what only the two ends of this connection know (RFC 7030 section 3.5,
 * with {@code tls-exporter} of RFC 9266 where TLS 1.2 had {@code tls-unique}).
 */
public final class EstClient implements EnrolmentService {
    private static final long MOST_ANSWER_BYTES = 64 << 10;
    private static final int MOST_REASON_BYTES = 512;
    private static final int MOST_AUTHORITIES = 16;
    private static final int MOST_CAUSES = 8;

    private final URI server;
    private final Supplier<TrustAnchor> anchor;
    private final Duration patience;

    /**
     * @param server {@code https://host:port}
     * @param anchor what the server's certificate must lead to, asked at each connection
     * @param patience for connecting and for each read, 1 s to 5 min
     */
    public EstClient(URI server, Supplier<TrustAnchor> anchor, Duration patience) {
        if (!"https".equals(server.getScheme()) || server.getHost() == null || server.getPort() < 1) {
            throw new IllegalArgumentException("enrolment address '" + server + "' is not https://host:port");
        }
        if (patience.toSeconds() < 1 || patience.toMinutes() > 5) {
            throw new IllegalArgumentException("patience " + patience + " is outside 1 s to 5 min");
        }
        this.server = server;
        this.anchor = anchor;
        this.patience = patience;
    }

    @Override
    public List<X509Certificate> enrol(TlsIdentity as, FileSigner key, Kind kind) {
        try {
            ESTService service = service(as);
            List<X509Certificate> issued = certificates(service.simpleEnrollPoP(
                            kind == Kind.RENEWAL,
                            CertificateRequest.draft(as.commonName(), key),
                            CertificateRequest.signer(key),
                            null)
                    .getStore());
            X509Certificate leaf = issued.stream()
                    .filter(certificate -> Certificates.publicKey(certificate).equals(key.publicKey()))
                    .findFirst()
                    .orElseThrow(() -> new EnrolmentRefusedException(
                            200, "the answer of " + server + " holds no certificate of the key that was sent"));
            return CertificateBundle.chain(
                    leaf, certificates(service.getCACerts().getCertificateStore()));
        } catch (IOException e) {
            throw failure(e);
        } catch (KeyException e) {
            throw new EnrolmentRefusedException(
                    200, "an answer of " + server + " that makes no sense: " + e.getMessage(), e);
        }
    }

    private ESTService service(TlsIdentity as) {
        SSLSocketFactory sockets = MutualTls.clientSockets(MutualTls.context(as, anchor.get()));
        return new JsseESTServiceBuilder(server.getHost(), server.getPort(), new Sockets(sockets))
                .withTimeout(Math.toIntExact(patience.toMillis()))
                .withChannelBindingProvider(new Exporter())
                .withReadLimit(MOST_ANSWER_BYTES)
                // the sockets check the name themselves
                .withHostNameAuthorizer((name, session) -> true)
                .build();
    }

    private static List<X509Certificate> certificates(Store<X509CertificateHolder> store) throws IOException {
        Collection<X509CertificateHolder> holders = store.getMatches(new Everyone());
        if (holders.size() > MOST_AUTHORITIES) {
            throw new KeyException(holders.size() + " certificates, limit " + MOST_AUTHORITIES);
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (X509CertificateHolder holder : holders) {
            certificates.add(Certificates.parse(holder.getEncoded(), "enrolment answer"));
        }
        return certificates;
    }

    private RuntimeException failure(IOException e) {
        if (e instanceof ESTException answer && answer.getStatusCode() > 0) {
            return new EnrolmentRefusedException(
                    answer.getStatusCode(),
                    server + " refuses: HTTP " + answer.getStatusCode() + " " + reason(answer),
                    e);
        }
        Throwable cause = e;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (cause instanceof SSLException) {
                return new EnrolmentRefusedException(0, server + ": TLS: " + cause.getMessage(), e);
            }
            cause = cause.getCause();
        }
        Throwable innermost = e.getCause() == null ? e : e.getCause();
        return new EnrolmentUnreachableException(server + " does not answer: " + innermost.getMessage(), e);
    }

    private static String reason(ESTException answer) {
        try (InputStream body = answer.getBody()) {
            return body == null ? "" : new String(body.readNBytes(MOST_REASON_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(without a reason)";
        }
    }

    private record Sockets(SSLSocketFactory factory) implements SSLSocketFactoryCreator {
        @Override
        public SSLSocketFactory createFactory() {
            return factory;
        }

        @Override
        public boolean isTrusted() {
            return true;
        }
    }

    /** Bouncy Castle asks for {@code tls-unique} by name; on TLS 1.3 the exporter stands in its place. */
    private static final class Exporter implements ChannelBindingProvider {
        @Override
        public boolean canAccessChannelBinding(Socket socket) {
            return binding(socket).isPresent();
        }

        @Override
        public byte[] getChannelBinding(Socket socket, String kind) {
            return binding(socket)
                    .orElseThrow(() -> new IllegalStateException("this connection has nothing to bind a request to"))
                    .value();
        }

        private static Optional<ChannelBinding> binding(Socket socket) {
            return socket instanceof SSLSocket tls ? ChannelBinding.of(tls.getSession()) : Optional.empty();
        }
    }

    private static final class Everyone implements Selector<X509CertificateHolder> {
        @Override
        public boolean match(X509CertificateHolder holder) {
            return true;
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod") // it has no state
        public Object clone() {
            return new Everyone();
        }
    }
}
