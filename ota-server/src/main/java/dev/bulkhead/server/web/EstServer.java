package dev.bulkhead.server.web;

import dev.bulkhead.security.keys.CertificateBundle;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.ChannelBinding;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.server.identity.Caller;
import dev.bulkhead.server.identity.Enrolment;
import dev.bulkhead.server.identity.EnrolmentOutcome;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enrollment over Secure Transport (RFC 7030) for vehicles: {@code cacerts}, {@code simpleenroll}, {@code simplereenroll},
 * and {@code csrattrs}, which asks for nothing. TLS 1.3 only; who enrols shows a certificate of the maker. Thread-safe.
 */
public final class EstServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EstServer.class);
    private static final String BASE = "/.well-known/est/";
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** Base64 with line ends of a request of the greatest size. */
    private static final int MOST_BODY_BYTES = CertificateRequest.MOST_BYTES * 3 / 2;

    private static final int MOST_DRAINED_BYTES = 256 << 10;

    private static final int MOST_CONNECTIONS = 512;
    /** DER of the sequence of 1.2.840.113549.1.9.7, in base64. */
    private static final String CHALLENGE_PASSWORD = "MAsGCSqGSIb3DQEJBw==";

    private static final String SHOWN = "jakarta.servlet.request.X509Certificate";

    private final Javalin javalin;
    private final Enrolment enrolment;

    private EstServer(Javalin javalin, Enrolment enrolment) {
        this.javalin = javalin;
        this.enrolment = enrolment;
    }

    /**
     * Starts listening.
     *
     * @param host address to bind
     * @param port 0 = any free one
     * @param identity the server's certificate
     * @param anchor what a vehicle's certificate must lead to
     */
    public static EstServer start(
            String host, int port, TlsIdentity identity, TrustAnchor anchor, Enrolment enrolment) {
        Endpoint endpoint = new Endpoint(host, port, identity, anchor);
        Javalin javalin = Javalin.create(config -> configure(config, endpoint, new Routes(enrolment)));
        javalin.start();
        return new EstServer(javalin, enrolment);
    }

    private record Endpoint(String host, int port, TlsIdentity identity, TrustAnchor anchor) {
        Connector connector(Server server, HttpConfiguration http) {
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setSslContext(MutualTls.context(identity, anchor));
            tls.setIncludeProtocols("TLSv1.3");
            // cacerts is for everybody (RFC 7030 section 4.1.1); enrolling is not
            tls.setWantClientAuth(true);
            SecureRequestCustomizer customizer = new SecureRequestCustomizer();
            customizer.setSniHostCheck(false);
            http.addCustomizer(customizer);
            HttpConnectionFactory plain = new HttpConnectionFactory(http);
            ServerConnector connector =
                    new ServerConnector(server, new SslConnectionFactory(tls, plain.getProtocol()), plain);
            connector.setHost(host);
            connector.setPort(port);
            connector.setIdleTimeout(SILENCE.toMillis());
            server.addBean(new org.eclipse.jetty.server.NetworkConnectionLimit(MOST_CONNECTIONS, connector));
            return connector;
        }
    }

    private static void configure(JavalinConfig config, Endpoint endpoint, Routes routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.jetty.addConnector(endpoint::connector);
        config.routes.get(BASE + "cacerts", routes::authorities);
        config.routes.get(BASE + "csrattrs", EstServer::attributes);
        config.routes.post(BASE + "simpleenroll", routes::first);
        config.routes.post(BASE + "simplereenroll", routes::renewal);
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            context.status(500).result("the server failed; its log says why");
        });
    }

    /** A request is to carry a challenge password (RFC 7030 section 4.5.2). */
    private static void attributes(Context context) {
        context.status(200)
                .header("Content-Transfer-Encoding", "base64")
                .contentType("application/csrattrs")
                .result(CHALLENGE_PASSWORD);
    }

    /** Who gives the certificates. */
    public Enrolment enrolment() {
        return enrolment;
    }

    /** The TCP port in use. */
    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private record Routes(Enrolment enrolment) {
        void authorities(Context context) {
            send(context, enrolment.authorities(), "");
        }

        void first(Context context) throws IOException {
            enrol(context, enrolment::first);
        }

        void renewal(Context context) throws IOException {
            enrol(context, enrolment::renewal);
        }

        private static void enrol(Context context, BiFunction<Caller, byte[], EnrolmentOutcome> service)
                throws IOException {
            String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
            if (!type.equals("application/pkcs10") && !type.startsWith("application/pkcs10;")) {
                context.status(415).result("send a certificate request as application/pkcs10");
                return;
            }
            byte[] body = context.bodyInputStream().readNBytes(MOST_BODY_BYTES + 1);
            if (body.length > MOST_BODY_BYTES) {
                // a client that is still sending would not see the answer
                context.bodyInputStream().readNBytes(MOST_DRAINED_BYTES);
                context.status(413).result("a certificate request has at most " + MOST_BODY_BYTES + " bytes");
                return;
            }
            byte[] request;
            try {
                request =
                        Base64.getDecoder().decode(new String(body, StandardCharsets.ISO_8859_1).replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                context.status(400).result("the body is not base64: " + e.getMessage());
                return;
            }
            answer(context, service.apply(caller(context), request));
        }

        private static Caller caller(Context context) {
            List<X509Certificate> shown =
                    context.req().getAttribute(SHOWN) instanceof X509Certificate[] chain ? List.of(chain) : List.of();
            return new Caller(
                    shown,
                    context.req().getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls
                            ? ChannelBinding.of(tls.sslSession())
                            : Optional.empty());
        }

        private static void answer(Context context, EnrolmentOutcome outcome) {
            switch (outcome) {
                case EnrolmentOutcome.Issued(X509Certificate certificate) ->
                    send(context, List.of(certificate), "; smime-type=certs-only");
                case EnrolmentOutcome.Refused(EnrolmentOutcome.Problem problem, String detail) -> {
                    int status = switch (problem) {
                        case UNIDENTIFIED -> 401;
                        case NOT_ENTITLED -> 403;
                        case MALFORMED -> 400;
                        case TOO_MANY -> 429;
                    };
                    if (status == 429) {
                        context.header("Retry-After", "3600");
                    }
                    context.status(status)
                            .contentType("text/plain; charset=utf-8")
                            .result(detail);
                }
            }
        }

        private static void send(Context context, List<X509Certificate> certificates, String parameters) {
            byte[] text =
                    Base64.getMimeEncoder(64, new byte[] {'\r', '\n'}).encode(CertificateBundle.encode(certificates));
            context.status(200)
                    .header("Content-Transfer-Encoding", "base64")
                    .contentType("application/pkcs7-mime" + parameters)
                    .result(text);
        }
    }
}
