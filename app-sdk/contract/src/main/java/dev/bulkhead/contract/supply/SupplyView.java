package dev.bulkhead.contract.supply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the documents in a package say, for people who inspect it. Nothing in them is trusted. */
public final class SupplyView {
    private static final int MOST = 10_000;

    private SupplyView() {}

    /**
     * A bill of materials.
     *
     * @param specVersion of CycloneDX
     * @param components each as {@code name version}, the license behind it where it is given
     */
    public record Bom(String specVersion, String serialNumber, List<String> components) {
        public Bom {
            components = List.copyOf(components);
        }
    }

    /**
     * Where a module comes from.
     *
     * @param sources each as {@code name sha256:digest}
     * @param tools each as {@code name version}
     */
    public record Origin(String builder, Optional<String> command, List<String> sources, List<String> tools) {
        public Origin {
            sources = List.copyOf(sources);
            tools = List.copyOf(tools);
        }
    }

    /**
     * Reads a bill of materials, also one that was not made here.
     *
     * @throws SupplyException when it is no CycloneDX JSON
     */
    public static Bom bom(byte[] json) {
        JsonNode bom = SupplyJson.read(json, "the bill of materials");
        if (!bom.path("bomFormat").asText().equals("CycloneDX")
                || !bom.path("specVersion").isTextual()) {
            throw new SupplyException("the bill of materials is no CycloneDX JSON: it has no \"bomFormat\":"
                    + " \"CycloneDX\" with a \"specVersion\"");
        }
        List<String> components = new ArrayList<>();
        for (JsonNode each : bom.path("components")) {
            if (components.size() < MOST) {
                String license = each.path("licenses")
                        .path(0)
                        .path("expression")
                        .asText(each.path("licenses")
                                .path(0)
                                .path("license")
                                .path("id")
                                .asText());
                components.add(
                        (each.path("name").asText() + " " + each.path("version").asText() + " " + license).strip());
            }
        }
        return new Bom(
                bom.path("specVersion").asText(), bom.path("serialNumber").asText(), components);
    }

    /**
     * Reads provenance.
     *
     * @throws SupplyException when it is no in-toto statement with SLSA provenance
     */
    public static Origin origin(byte[] json) {
        JsonNode statement = SupplyJson.read(json, "the provenance");
        if (!statement.path("_type").asText().equals(Provenance.STATEMENT)
                || !statement.path("predicateType").asText().equals(Provenance.PREDICATE)) {
            throw new SupplyException("the provenance is no in-toto statement with SLSA provenance of version 1");
        }
        JsonNode definition = statement.path("predicate").path("buildDefinition");
        JsonNode builder = statement.path("predicate").path("runDetails").path("builder");
        List<String> sources = new ArrayList<>();
        for (JsonNode each : definition.path("resolvedDependencies")) {
            String digest = each.path("digest").path("sha256").asText();
            if (sources.size() < MOST && !digest.isEmpty()) {
                sources.add(each.path("name").asText() + " sha256:" + digest);
            }
        }
        List<String> tools = new ArrayList<>();
        builder.path("version").properties().forEach(tool -> {
            if (tools.size() < MOST) {
                tools.add(tool.getKey() + " " + tool.getValue().asText());
            }
        });
        JsonNode command = definition.path("externalParameters").path("command");
        return new Origin(
                builder.path("id").asText(),
                command.isTextual() ? Optional.of(command.asText()) : Optional.empty(),
                sources,
                tools);
    }
}
