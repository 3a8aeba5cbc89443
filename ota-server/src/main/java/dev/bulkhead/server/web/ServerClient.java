package dev.bulkhead.server.web;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.repository.PackageFacts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Speaks the fleet server's API. Every method throws {@link ServerClientException}. Thread-safe. */
public final class ServerClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WAIT_SECONDS = 10;

    private final URI base;
    private final ApiToken token;
    private final ObjectMapper json = new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /** @param base such as {@code http://127.0.0.1:8080} */
    public ServerClient(URI base, ApiToken token) {
        this.base = base;
        this.token = token;
    }

    /**
     * Publishes a package: uploads it, adds it to the vendor's role, signs that here with the vendor's key, and hands it in.
     *
     * @param sdvapp the signed package file
     * @param vendor the vendor's name
     * @param role writes and signs the vendor's role
     */
    public Views.Release publish(byte[] sdvapp, String vendor, VendorRole role) {
        Views.Release release = upload(sdvapp);
        Optional<byte[]> current = imageMetadata(VendorRole.roleName(vendor));
        byte[] next = role.with(current, List.of(PackageFacts.read(sdvapp).target(vendor)));
        putImageMetadata(VendorRole.roleName(vendor), next);
        return apps().stream()
                .flatMap(app -> app.releases().stream())
                .filter(each -> each.targetPath().equals(release.targetPath()))
                .findFirst()
                .orElse(release);
    }

    /** Hands in a package; it is published when the vendor's role names it. */
    public Views.Release upload(byte[] sdvapp) {
        return json(send("PUT", "/api/v1/packages", BodyPublishers.ofByteArray(sdvapp)), new TypeReference<>() {});
    }

    /** The newest file of an image role, if there is one. */
    public Optional<byte[]> imageMetadata(String role) {
        try {
            return Optional.of(send("GET", "/api/v1/metadata/image/" + encode(role), BodyPublishers.noBody()));
        } catch (ServerClientException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Hands in the next version of an image role. */
    public Views.Published putImageMetadata(String role, byte[] content) {
        return json(
                send("PUT", "/api/v1/metadata/image/" + encode(role), BodyPublishers.ofByteArray(content)),
                new TypeReference<>() {});
    }

    /** All apps and their releases. */
    public List<Views.App> apps() {
        return json(send("GET", "/api/v1/apps", BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** The first vehicles by id, at most a thousand. */
    public List<Views.Vehicle> vehicles() {
        return json(send("GET", "/api/v1/vehicles?limit=1000", BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** One vehicle. */
    public Views.Vehicle vehicle(String id) {
        return json(send("GET", "/api/v1/vehicles/" + encode(id), BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** Blocks a vehicle, or lets it in again. */
    public Views.Vehicle setBlocked(String id, boolean blocked) {
        String path = "/api/v1/vehicles/" + encode(id) + "/blocked";
        return json(send(blocked ? "PUT" : "DELETE", path, BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** A vehicle's certificates, newest first. */
    public List<CertificateViews.Certificate> certificates(String id) {
        return json(
                send("GET", "/api/v1/vehicles/" + encode(id) + "/certificates", BodyPublishers.noBody()),
                new TypeReference<>() {});
    }

    /** Takes certificates of a vehicle back and ends its connection; empty serial = all. Answers with what is left noted. */
    public List<CertificateViews.Certificate> revoke(String id, CertificateViews.RevocationOrder order) {
        return json(
                send("POST", "/api/v1/vehicles/" + encode(id) + "/revocations", body(order)), new TypeReference<>() {});
    }

    /** Asks a vehicle to say hello now, and with it what is new. */
    public Views.Vehicle wake(String id) {
        return json(
                send("POST", "/api/v1/vehicles/" + encode(id) + "/wake", BodyPublishers.noBody()),
                new TypeReference<>() {});
    }

    /** Assigns a release: empty version = the newest, no vehicles = the whole fleet. */
    public Views.Assignment assign(String appId, Optional<String> version, List<String> vehicles) {
        return assign(new Views.Order("", appId, version.orElse(""), vehicles));
    }

    /** Assigns a release; an order with an id may be sent again without harm. */
    public Views.Assignment assign(Views.Order order) {
        return json(send("POST", "/api/v1/assignments", body(order)), new TypeReference<>() {});
    }

    private BodyPublisher body(Object order) {
        try {
            return BodyPublishers.ofByteArray(json.writeValueAsBytes(order));
        } catch (IOException e) {
            throw new ServerClientException(0, "client", "the order cannot be written", "", e);
        }
    }

    /** The newest assignments first. */
    public List<Views.Assignment> assignments() {
        return json(send("GET", "/api/v1/assignments", BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** One assignment. */
    public Views.Assignment assignment(String id) {
        return json(
                send("GET", "/api/v1/assignments/" + encode(id), BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /**
     * Follows an assignment until every vehicle has reached a final state, or the time is over.
     *
     * @param watcher sees each change
     * @return the last that was seen; {@code finished} says which
     */
    public Views.Assignment follow(String id, Duration most, InstantSource time, Consumer<Views.Assignment> watcher) {
        long end = Math.addExact(time.millis(), most.toMillis());
        Views.Assignment seen = assignment(id);
        watcher.accept(seen);
        while (!seen.finished() && time.millis() < end) {
            long wait = Math.clamp((end - time.millis() + 999) / 1000, 1, WAIT_SECONDS);
            String query = "?wait=" + wait + "&change=" + seen.change();
            seen = json(
                    send("GET", "/api/v1/assignments/" + encode(id) + query, BodyPublishers.noBody()),
                    new TypeReference<>() {});
            watcher.accept(seen);
        }
        return seen;
    }

    /** Begins a campaign; an order with an id may be sent again without harm. */
    public Views.Campaign begin(Views.CampaignOrder order) {
        return json(send("POST", "/api/v1/campaigns", body(order)), new TypeReference<>() {});
    }

    /** The newest campaigns first. */
    public List<Views.Campaign> campaigns() {
        return json(send("GET", "/api/v1/campaigns", BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** One campaign. */
    public Views.Campaign campaign(String id) {
        return json(send("GET", "/api/v1/campaigns/" + encode(id), BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /**
     * Follows a campaign until it does not go on by itself (paused, completed, rolled-back), or the time is over.
     *
     * @param watcher sees each change
     * @return the last that was seen
     */
    public Views.Campaign followCampaign(
            String id, Duration most, InstantSource time, Consumer<Views.Campaign> watcher) {
        long end = Math.addExact(time.millis(), most.toMillis());
        Views.Campaign seen = campaign(id);
        watcher.accept(seen);
        while (seen.active() && time.millis() < end) {
            long wait = Math.clamp((end - time.millis() + 999) / 1000, 1, WAIT_SECONDS);
            String query = "?wait=" + wait + "&change=" + seen.change();
            seen = json(
                    send("GET", "/api/v1/campaigns/" + encode(id) + query, BodyPublishers.noBody()),
                    new TypeReference<>() {});
            watcher.accept(seen);
        }
        return seen;
    }

    /**
     * Tells a campaign what to do.
     *
     * @param order {@code pause}, {@code resume} or {@code roll-back}
     */
    public Views.Campaign tell(String id, String order) {
        String path = "/api/v1/campaigns/" + encode(id) + "/" + encode(order);
        return json(send("POST", path, BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /**
     * The matrix of the fleet's audit logs, as JSON or CSV.
     *
     * @param query parameters of {@code GET /api/v1/audit/matrix}: app, version, vendor, vehicle, who, only, format
     */
    public String auditMatrix(Map<String, String> query) {
        String path = query.entrySet().stream()
                .map(each -> each.getKey() + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&", "/api/v1/audit/matrix?", ""));
        return new String(send("GET", path, BodyPublishers.noBody()), StandardCharsets.UTF_8);
    }

    /** How a vehicle's audit log stands. */
    public Views.VehicleAudit vehicleAudit(String id) {
        return json(
                send("GET", "/api/v1/vehicles/" + encode(id) + "/audit", BodyPublishers.noBody()),
                new TypeReference<>() {});
    }

    /** Forgets a vehicle's audit log, so that the next one it shows is pinned; what was known comes back. */
    public Views.VehicleAudit beginAuditAnew(String id) {
        return json(
                send("DELETE", "/api/v1/vehicles/" + encode(id) + "/audit", BodyPublishers.noBody()),
                new TypeReference<>() {});
    }

    /** An entry that a vehicle showed, with its proof. */
    public Views.AuditedEntry auditedEntry(String id, long index) {
        String path = "/api/v1/vehicles/" + encode(id) + "/audit/entries/" + index;
        return json(send("GET", path, BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** The newest incidents first. */
    public List<Views.Incident> incidents(int limit) {
        return json(send("GET", "/api/v1/incidents?limit=" + limit, BodyPublishers.noBody()), new TypeReference<>() {});
    }

    /** Counters of the server in Prometheus text format. */
    public String metrics() {
        return new String(send("GET", "/api/v1/metrics", BodyPublishers.noBody()), StandardCharsets.UTF_8);
    }

    private byte[] send(String method, String path, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token.value())
                .method(method, body)
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() >= 400) {
                throw problem(response);
            }
            return response.body();
        } catch (IOException e) {
            throw new ServerClientException(
                    0, "unreachable", "no fleet server answers at " + base, "start one with bulkhead server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerClientException(0, "interrupted", "interrupted while waiting for " + base, "", e);
        }
    }

    private ServerClientException problem(HttpResponse<byte[]> response) {
        try {
            Problem problem = json.readValue(response.body(), Problem.class);
            return new ServerClientException(
                    response.statusCode(), problem.word(), problem.detail(), problem.hint(), null);
        } catch (IOException e) {
            return new ServerClientException(
                    response.statusCode(), "http", "the server answered " + response.statusCode(), "", e);
        }
    }

    private <T> T json(byte[] body, TypeReference<T> type) {
        try {
            return json.readValue(body, type);
        } catch (IOException e) {
            throw new ServerClientException(
                    0, "answer", "the server's answer makes no sense", "use the same version", e);
        }
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
