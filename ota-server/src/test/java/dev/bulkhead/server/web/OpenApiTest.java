package dev.bulkhead.server.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
    private static JsonNode document() throws IOException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    @Test
    void describesEveryFieldThatTheApiShows() throws IOException {
        JsonNode schemas = document().path("components").path("schemas");
        List<Class<?>> shown = List.of(
                Views.Release.class,
                Views.App.class,
                Views.Installed.class,
                Views.Desired.class,
                Views.Vehicle.class,
                Views.Action.class,
                Views.Assignment.class,
                Views.Companion.class,
                Views.Order.class,
                Views.Together.class,
                Views.Incident.class,
                Views.VehicleAudit.class,
                Views.AuditConflict.class,
                Views.AuditedEntry.class,
                Views.Published.class,
                Views.Campaign.class,
                Views.Group.class,
                Views.GroupOrder.class,
                Views.CampaignOrder.class,
                CertificateViews.Certificate.class,
                CertificateViews.RevocationOrder.class,
                Problem.class);
        for (Class<?> type : shown) {
            Set<String> fields = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> described = new TreeSet<>();
            schemas.path(type.getSimpleName()).path("properties").fieldNames().forEachRemaining(described::add);
            assertEquals(fields, described, type.getSimpleName());
        }
    }
}
