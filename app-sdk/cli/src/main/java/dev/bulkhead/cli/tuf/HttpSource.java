package dev.bulkhead.cli.tuf;

import dev.bulkhead.security.tuf.MetadataSource;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Files below a base URL. A 403 or 404 means there is none; any other status but 200 is a failure of the network. */
final class HttpSource implements MetadataSource {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final HttpClient client;
    private final String base;

    HttpSource(HttpClient client, String base) {
        this.client = client;
        this.base = base.endsWith("/") ? base : base + "/";
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    @Override
    public Optional<byte[]> fetch(String name, int maxBytes) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + name))
                    .timeout(ANSWER)
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case 200 -> Optional.of(body.readNBytes(Math.addExact(maxBytes, 1)));
                    case 403, 404 -> Optional.empty();
                    default -> throw new MetadataUnavailableException(name, "HTTP " + response.statusCode(), null);
                };
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new MetadataUnavailableException(name, "cannot be fetched from " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetadataUnavailableException(name, "interrupted", e);
        }
    }
}
