package dev.bulkhead.server.web;

import dev.bulkhead.security.tuf.MetadataRefusedException;
import dev.bulkhead.server.repository.IntakeOutcome;
import dev.bulkhead.server.store.ReleaseRow;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packages come in, vendors' metadata publishes them, apps are listed. */
final class PackageRoutes {
    private final Rooms rooms;

    PackageRoutes(Rooms rooms) {
        this.rooms = rooms;
    }

    void addTo(RoutesConfig routes) {
        routes.put("/api/v1/packages", this::upload);
        routes.get("/api/v1/apps", this::apps);
        routes.get("/api/v1/metadata/image/{role}", this::metadata);
        routes.put("/api/v1/metadata/image/{role}", this::publish);
    }

    private void upload(Context context) throws IOException {
        switch (rooms.intake().take(context.bodyInputStream())) {
            case IntakeOutcome.Taken taken -> context.status(201).json(Views.Release.of(taken.release()));
            case IntakeOutcome.Refused refused ->
                throw new ProblemException(
                        422,
                        refused.reason(),
                        "package refused (" + refused.reason() + "): " + refused.detail(),
                        "bulkhead inspect shows what the package says, bulkhead verify who signed it");
        }
    }

    private void metadata(Context context) {
        String role = context.pathParam("role");
        byte[] content = rooms.database()
                .read(tx -> rooms.image().newest(tx, role))
                .orElseThrow(() -> new ProblemException(
                        404, "no-metadata", "there is no image metadata of role " + role, "publish it first"));
        context.contentType("application/json").result(content);
    }

    private void publish(Context context) {
        String role = context.pathParam("role");
        try {
            List<ReleaseRow> published = rooms.publication().publish(role, context.bodyAsBytes());
            context.json(new Views.Published(
                    role, published.stream().map(Views.Release::of).toList()));
        } catch (MetadataRefusedException e) {
            throw new ProblemException(
                    422,
                    e.refusal().word(),
                    "metadata refused (" + e.refusal().word() + "): " + e.file() + ": " + e.detail(),
                    "sign the next version of the role with the key the image targets delegate to; a new vendor is"
                            + " delegated to by bulkhead keys vendor");
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    422, "role", String.valueOf(e.getMessage()), "hand in root, targets or a vendor's role");
        }
    }

    private void apps(Context context) {
        Map<String, List<Views.Release>> byApp = new LinkedHashMap<>();
        for (ReleaseRow row : rooms.database().read(tx -> tx.releases().list())) {
            byApp.computeIfAbsent(row.appId(), id -> new ArrayList<>()).add(Views.Release.of(row));
        }
        context.json(byApp.entrySet().stream()
                .map(app ->
                        new Views.App(app.getKey(), app.getValue().getFirst().vendor(), app.getValue()))
                .toList());
    }
}
