package dev.bulkhead.contract.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageReader;
import dev.bulkhead.contract.pack.PackageWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;

/** What stands in a package, held against the official schema of CycloneDX 1.6 by that project's own validator. */
class CycloneDxSchemaTest {
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] MANIFEST = utf8("""
            [app]
            id = "com.acme.climate"
            version = "1.4.2"
            release = 17
            module = "climate.wasm"
            abi = 1
            [[capability]]
            grant = "signal Vehicle.Speed read"
            [[capability]]
            grant = 'signal Vehicle.Cabin.** actuate range=0..50 when "Vehicle.Speed == 0"'
            """);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] packed(Supply supply) {
        SupplyFacts facts = SupplyFacts.of(
                ManifestParser.parse(MANIFEST, "app.toml"),
                MANIFEST,
                MODULE,
                supply,
                new TreeMap<>(Map.of("src/climate.c", Digest.of(utf8("int main;")))),
                "0.1.0");
        byte[] file = PackageWriter.write(PackageWriter.assemble(
                MANIFEST,
                MODULE,
                Optional.empty(),
                Optional.of(BillOfMaterials.write(facts)),
                Optional.of(Provenance.write(facts))));
        AppPackage app = PackageReader.read(file);
        return app.sbom().orElseThrow().bytes();
    }

    private static List<String> complaints(byte[] document) throws IOException {
        return new JsonParser()
                .validate(document, Version.VERSION_16).stream()
                        .map(ParseException::getMessage)
                        .toList();
    }

    /** Every kind of component, license and reference that a supply file can declare. */
    private static Supply everything() {
        StringBuilder text = new StringBuilder("""
                [build]
                builder = "https://acme.example/ci"
                command = "make climate.wasm"
                [[source]]
                file = "climate.c"
                [[tool]]
                name = "clang"
                version = "14.0.6"
                """);
        for (Supply.Kind kind : Supply.Kind.values()) {
            text.append("""
                    [[component]]
                    type = "%s"
                    name = "part of kind %1$s"
                    version = "2.1.0"
                    license = "MIT OR Apache-2.0"
                    purl = "pkg:cargo/kalman@2.1.0"
                    """.formatted(kind));
        }
        return SupplyParser.parse(utf8(text.toString()), "supply.toml");
    }

    @Test
    void aPackedAppsBillOfMaterialsFollowsTheSchema() throws IOException {
        assertEquals(List.of(), complaints(packed(everything())));
    }

    @Test
    void soDoesThatOfAnAppThatDeclaresNothing() throws IOException {
        assertEquals(List.of(), complaints(packed(Supply.NOTHING)));
    }

    @Test
    void theSchemaNoticesADocumentThatDoesNotFollowIt() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode bom = (ObjectNode) mapper.readTree(packed(everything()));
        bom.put("serialNumber", "not a urn");
        ((ObjectNode) bom.path("components").path(0)).put("type", "sausage");
        assertFalse(complaints(mapper.writeValueAsBytes(bom)).isEmpty());
    }
}
