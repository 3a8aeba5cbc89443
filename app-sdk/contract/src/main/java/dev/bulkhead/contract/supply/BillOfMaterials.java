package dev.bulkhead.contract.supply;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.pack.Digest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes a CycloneDX 1.6 bill of materials. Its serial number is made from what it describes, and it names no time, so
 * that packing again gives the same bytes. Stateless.
 */
public final class BillOfMaterials {
    private static final String APP = "app";
    private static final String MODULE = "module";

    private final SupplyFacts facts;
    private final ArrayNode dependsOn = JsonNodeFactory.instance.arrayNode();

    private BillOfMaterials(SupplyFacts facts) {
        this.facts = facts;
    }

    /** The document. */
    public static byte[] write(SupplyFacts facts) {
        return SupplyJson.bytes(new BillOfMaterials(facts).document());
    }

    private ObjectNode document() {
        ObjectNode bom = JsonNodeFactory.instance.objectNode();
        bom.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6");
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.putObject("tools").putArray("components").add(tool("bulkhead pack", facts.packer()));
        metadata.set("component", app());
        ArrayNode components = components();
        ArrayNode formulation = formulation();
        bom.put("serialNumber", serial(metadata.toString() + components + formulation));
        bom.put("version", 1);
        bom.set("metadata", metadata);
        bom.set("components", components);
        bom.putArray("dependencies")
                .addObject()
                .put("ref", APP)
                .putArray("dependsOn")
                .addAll(dependsOn);
        if (!formulation.isEmpty()) {
            bom.set("formulation", formulation);
        }
        return bom;
    }

    private static String serial(String content) {
        return "urn:uuid:" + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode app() {
        Manifest.AppSection app = facts.manifest().app();
        ObjectNode component =
                component(APP, "application", app.id().text(), app.version().toString());
        component.put("scope", "required");
        ArrayNode properties = component.putArray("properties");
        property(properties, "bulkhead:release", Long.toString(app.release()));
        property(properties, "bulkhead:abi", Integer.toString(app.abi()));
        property(properties, "bulkhead:manifest:sha256", facts.manifestDigest().hex());
        facts.manifest()
                .capabilities()
                .forEach(ask ->
                        property(properties, "bulkhead:capability", ask.grant().text()));
        return component;
    }

    private ArrayNode components() {
        ArrayNode components = JsonNodeFactory.instance.arrayNode();
        Manifest.AppSection app = facts.manifest().app();
        ObjectNode module =
                component(MODULE, "file", app.module(), app.version().toString());
        hash(module, facts.moduleDigest());
        components.add(module);
        dependsOn.add(MODULE);
        int number = 0;
        for (Supply.Component declared : facts.supply().components()) {
            String ref = "component-" + ++number;
            ObjectNode component = component(ref, declared.kind().toString(), declared.name(), declared.version());
            declared.license()
                    .ifPresent(license ->
                            component.putArray("licenses").addObject().put("expression", license));
            declared.purl().ifPresent(purl -> component.put("purl", purl));
            components.add(component);
            dependsOn.add(ref);
        }
        return components;
    }

    /** How it was made: tools and sources, as CycloneDX 1.5 and later have it. */
    private ArrayNode formulation() {
        ArrayNode formulation = JsonNodeFactory.instance.arrayNode();
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        facts.producers().forEach(each -> parts.add(tool(each.name(), each.version())));
        facts.supply().tools().forEach(each -> parts.add(tool(each.name(), each.version())));
        facts.sources().forEach((name, digest) -> {
            ObjectNode source = JsonNodeFactory.instance.objectNode();
            source.put("type", "file").put("name", name);
            hash(source, digest);
            parts.add(source);
        });
        if (!parts.isEmpty()) {
            formulation.addObject().put("bom-ref", "build").set("components", parts);
        }
        return formulation;
    }

    private static ObjectNode component(String ref, String type, String name, String version) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("bom-ref", ref)
                .put("name", name)
                .put("version", version);
    }

    private static ObjectNode tool(String name, String version) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode();
        tool.put("type", "application").put("name", name);
        return version.isEmpty() ? tool : tool.put("version", version);
    }

    private static void hash(ObjectNode component, Digest digest) {
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest.hex());
    }

    private static void property(ArrayNode properties, String name, String value) {
        properties.addObject().put("name", name).put("value", value);
    }
}
