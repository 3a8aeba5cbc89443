package dev.bulkhead.contract.supply;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.pack.Digest;

/**
 * Writes an in-toto statement (v1) with SLSA provenance (v1): what was made, from which sources, by whom and with which
 * tools, as the developer declares. It lies in the package, so the vendor's signature covers it. Stateless.
 */
public final class Provenance {
    /** The builder of a package whose developer names none. */
    static final String UNSTATED = "urn:bulkhead:builder:unstated";

    static final String STATEMENT = "https://in-toto.io/Statement/v1";
    static final String PREDICATE = "https://slsa.dev/provenance/v1";
    private static final String BUILD_TYPE = "urn:bulkhead:build:pack:v1";

    private Provenance() {}

    /** The document. */
    public static byte[] write(SupplyFacts facts) {
        Manifest.AppSection app = facts.manifest().app();
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("_type", STATEMENT);
        ArrayNode subject = statement.putArray("subject");
        subject.add(resource(app.module(), facts.moduleDigest()));
        subject.add(resource("app.toml", facts.manifestDigest()));
        statement.put("predicateType", PREDICATE);
        ObjectNode predicate = statement.putObject("predicate");
        build(predicate.putObject("buildDefinition"), facts);
        run(predicate.putObject("runDetails"), facts);
        return SupplyJson.bytes(statement);
    }

    private static void build(ObjectNode definition, SupplyFacts facts) {
        Manifest.AppSection app = facts.manifest().app();
        definition.put("buildType", BUILD_TYPE);
        ObjectNode parameters = definition.putObject("externalParameters");
        parameters.put("app", app.id().text());
        parameters.put("version", app.version().toString());
        parameters.put("release", app.release());
        facts.supply().command().ifPresent(command -> parameters.put("command", command));
        ArrayNode dependencies = definition.putArray("resolvedDependencies");
        facts.sources().forEach((name, digest) -> dependencies.add(resource(name, digest)));
        facts.supply().components().forEach(component -> {
            ObjectNode dependency = dependencies.addObject().put("name", component.name() + " " + component.version());
            component.purl().ifPresent(purl -> dependency.put("uri", purl));
        });
    }

    private static void run(ObjectNode details, SupplyFacts facts) {
        ObjectNode builder = details.putObject("builder");
        builder.put("id", facts.supply().builder().orElse(UNSTATED));
        ObjectNode versions = builder.putObject("version");
        versions.put("bulkhead pack", facts.packer());
        facts.producers().forEach(each -> versions.put(each.name(), each.version()));
        facts.supply().tools().forEach(each -> versions.put(each.name(), each.version()));
    }

    private static ObjectNode resource(String name, Digest digest) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode().put("name", name);
        resource.putObject("digest").put("sha256", digest.hex());
        return resource;
    }
}
