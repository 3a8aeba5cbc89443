package dev.bulkhead.server.web;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinJackson;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. Everything under {@code /api/} wants the bearer token. Thread-safe. */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final long MOST_JSON_BYTES = 4 << 20;
    private static final String SECURITY_POLICY =
            "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
                    + " connect-src 'self'";

    private final Javalin javalin;

    private WebServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts listening.
     *
     * @param host address to bind, loopback by custom
     * @param port 0 = any free one
     */
    public static WebServer start(String host, int port, ApiToken token, Rooms rooms) {
        ObjectMapper json = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        Javalin javalin = Javalin.create(config -> configure(config, token, rooms, json));
        javalin.start(host, port);
        return new WebServer(javalin);
    }

    private static void configure(JavalinConfig config, ApiToken token, Rooms rooms, ObjectMapper json) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MOST_JSON_BYTES;
        config.concurrency.useVirtualThreads = true;
        config.jsonMapper(new JavalinJackson(json, true));
        config.routes.before("/api/*", context -> authenticate(context, token));
        config.routes.after(context ->
                context.header("Content-Security-Policy", SECURITY_POLICY).header("X-Content-Type-Options", "nosniff"));
        new SystemRoutes(rooms).addTo(config.routes);
        new PackageRoutes(rooms).addTo(config.routes);
        new VehicleRoutes(rooms, json).addTo(config.routes);
        new AuditRoutes(rooms).addTo(config.routes);
        new AssignmentRoutes(rooms, json).addTo(config.routes);
        new CampaignRoutes(rooms, json).addTo(config.routes);
        config.routes.exception(ProblemException.class, (e, context) -> send(context, e.problem()));
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> send(
                        context,
                        Problem.of(
                                e.getStatus(),
                                "http",
                                String.valueOf(e.getMessage()),
                                "GET /openapi.json lists what there is")));
        config.routes.exception(
                IOException.class,
                (e, context) -> send(
                        context,
                        Problem.of(400, "broken-off", "the request broke off: " + e.getMessage(), "send it again")));
        config.routes.exception(Exception.class, (e, context) -> failed(e, context));
    }

    private static void authenticate(Context context, ApiToken token) {
        String authorization = context.header("Authorization");
        if (authorization == null || !token.opens(authorization)) {
            throw new ProblemException(
                    401,
                    "unauthorized",
                    "the API wants an Authorization header with the bearer token",
                    "the token lies in the file api-token of the server's data folder");
        }
    }

    private static void failed(Exception e, Context context) {
        LOG.error("{} {} failed", context.method(), context.path(), e);
        send(context, Problem.of(500, "internal", "the server failed; its log says why", "try again"));
    }

    private static void send(Context context, Problem problem) {
        context.status(problem.status()).json(problem).contentType(Problem.MEDIA_TYPE);
    }

    /** The TCP port in use. */
    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
