package dev.bulkhead.contract.supply;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.toml.TomlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SupplyTest {
    private static final String MANIFEST = """
            [app]
            id = "com.acme.climate"
            version = "1.4.2"
            release = 17
            module = "climate.wasm"
            abi = 1
            [[capability]]
            grant = "signal Vehicle.Speed read"
            """;
    private static final String SUPPLY = """
            [build]
            builder = "https://acme.example/ci"
            command = "make climate.wasm"
            [[source]]
            file = "climate.c"
            [[tool]]
            name = "clang"
            version = "14.0.6"
            [[component]]
            name = "kalman"
            version = "2.1.0"
            license = "MIT OR Apache-2.0"
            purl = "pkg:cargo/kalman@2.1.0"
            [[component]]
            type = "machine-learning-model"
            name = "comfort"
            version = "7"
            """;
    private static final int MUTATIONS = 20_000;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A module with a custom section of another name, and then its producers. */
    private static byte[] module() {
        var module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        custom(module, "name", new byte[] {1, 2, 3});
        var producers = new ByteArrayOutputStream();
        producers.write(2);
        name(producers, "language");
        producers.write(1);
        name(producers, "Rust");
        name(producers, "");
        name(producers, "processed-by");
        producers.write(1);
        name(producers, "rustc");
        name(producers, "1.90.0");
        custom(module, "producers", producers.toByteArray());
        return module.toByteArray();
    }

    private static void custom(ByteArrayOutputStream module, String name, byte[] content) {
        module.write(0);
        module.write(1 + name.length() + content.length);
        name(module, name);
        module.writeBytes(content);
    }

    private static void name(ByteArrayOutputStream out, String name) {
        out.write(name.length());
        out.writeBytes(utf8(name));
    }

    private static SupplyFacts facts(Supply supply) {
        return SupplyFacts.of(
                ManifestParser.parse(utf8(MANIFEST), "app.toml"),
                utf8(MANIFEST),
                module(),
                supply,
                new TreeMap<>(Map.of("climate.c", Digest.of(utf8("int main;")))),
                "0.1.0");
    }

    private static SupplyFacts declared() {
        return facts(SupplyParser.parse(utf8(SUPPLY), "supply.toml"));
    }

    private static JsonNode json(byte[] document) throws IOException {
        return new ObjectMapper().readTree(document);
    }

    @Test
    void theBillOfMaterialsIsCycloneDxAndNamesEveryPart() throws IOException {
        JsonNode bom = json(BillOfMaterials.write(declared()));
        assertEquals("CycloneDX", bom.path("bomFormat").asText());
        assertEquals("1.6", bom.path("specVersion").asText());
        assertTrue(bom.path("serialNumber")
                .asText()
                .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
        assertEquals(
                "com.acme.climate",
                bom.path("metadata").path("component").path("name").asText());
        assertEquals(
                Digest.of(module()).hex(),
                bom.path("components")
                        .path(0)
                        .path("hashes")
                        .path(0)
                        .path("content")
                        .asText());
        assertEquals(
                "pkg:cargo/kalman@2.1.0",
                bom.path("components").path(1).path("purl").asText());
        assertEquals(
                "machine-learning-model",
                bom.path("components").path(2).path("type").asText());
        assertEquals(3, bom.path("dependencies").path(0).path("dependsOn").size());
        assertEquals(4, bom.path("formulation").path(0).path("components").size(), "two producers, clang, one source");
    }

    @Test
    void everyReferenceOfTheBillOfMaterialsIsThereOnce() throws IOException {
        JsonNode bom = json(BillOfMaterials.write(declared()));
        List<String> refs = bom.findValuesAsText("bom-ref");
        assertEquals(refs.size(), refs.stream().distinct().count());
        bom.path("dependencies")
                .path(0)
                .path("dependsOn")
                .forEach(ref -> assertTrue(refs.contains(ref.asText()), ref.asText()));
    }

    @Test
    void theProvenanceNamesSubjectSourcesBuilderAndTools() throws IOException {
        JsonNode statement = json(Provenance.write(declared()));
        assertEquals("https://in-toto.io/Statement/v1", statement.path("_type").asText());
        assertEquals(
                "https://slsa.dev/provenance/v1",
                statement.path("predicateType").asText());
        assertEquals(
                Digest.of(module()).hex(),
                statement.path("subject").path(0).path("digest").path("sha256").asText());
        SupplyView.Origin origin = SupplyView.origin(Provenance.write(declared()));
        assertEquals("https://acme.example/ci", origin.builder());
        assertEquals("make climate.wasm", origin.command().orElse(""));
        assertEquals(List.of("climate.c " + Digest.of(utf8("int main;"))), origin.sources());
        assertTrue(
                origin.tools().containsAll(List.of("rustc 1.90.0", "clang 14.0.6")),
                origin.tools().toString());
    }

    @Test
    void theSameInputsGiveTheSameBytesAndOthersDoNot() {
        assertArrayEquals(BillOfMaterials.write(declared()), BillOfMaterials.write(declared()));
        assertArrayEquals(Provenance.write(declared()), Provenance.write(declared()));
        assertFalse(Arrays.equals(BillOfMaterials.write(declared()), BillOfMaterials.write(facts(Supply.NOTHING))));
    }

    @Test
    void whoDeclaresNothingGetsWhatTheModuleSays() {
        SupplyView.Origin origin = SupplyView.origin(Provenance.write(facts(Supply.NOTHING)));
        assertEquals(Provenance.UNSTATED, origin.builder());
        assertTrue(origin.tools().contains("rustc 1.90.0"));
        assertEquals(
                List.of("climate.wasm 1.4.2"),
                SupplyView.bom(BillOfMaterials.write(facts(Supply.NOTHING))).components());
    }

    @Test
    void aBillMadeElsewhereIsShownToo() {
        SupplyView.Bom bom = SupplyView.bom(utf8("""
                {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
                 {"name": "zlib", "version": "1.3", "licenses": [{"license": {"id": "Zlib"}}]}]}"""));
        assertEquals(List.of("zlib 1.3 Zlib"), bom.components());
        assertThrows(SupplyException.class, () -> SupplyView.bom(utf8("{\"spdxVersion\": \"SPDX-2.3\"}")));
        assertThrows(SupplyException.class, () -> SupplyView.bom(utf8("not json")));
        assertThrows(SupplyException.class, () -> SupplyView.origin(utf8("{}")));
    }

    @Test
    void allMistakesOfTheDeclarationAreSaidAtOnce() {
        TomlException mistakes = assertThrows(TomlException.class, () -> SupplyParser.parse(utf8("""
                [build]
                builder = "our machine"
                comand = "make"
                [[component]]
                name = "kalman"
                license = "do what you like!"
                purl = "kalman 2.1"
                type = "libary"
                [[source]]
                """), "supply.toml"));
        String said = String.valueOf(mistakes.getMessage());
        assertTrue(said.contains("supply.toml:2:"), said);
        assertTrue(said.contains("did you mean 'command'?"), said);
        assertTrue(said.contains("did you mean 'library'?"), said);
        assertTrue(said.contains("SPDX") && said.contains("package URL"), said);
        assertTrue(said.contains("component.version: is missing"), said);
        assertTrue(said.contains("source.file: is missing"), said);
    }

    @Test
    void aModuleWithoutProducersHasNone() {
        assertEquals(List.of(), Producers.of(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}));
        assertThrows(SupplyException.class, () -> Producers.of(utf8("no module")));
    }

    @Test
    void aTruncatedModuleIsRefusedAtItsByte() {
        byte[] good = module();
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        String said = String.valueOf(
                assertThrows(SupplyException.class, () -> Producers.of(cut)).getMessage());
        assertTrue(said.contains("at byte"), said);
    }

    @Test
    void onlyItsOwnExceptionsComeOutOfMutatedModulesAndDeclarations() {
        var random = new Random(9);
        byte[] module = module();
        byte[] supply = utf8(SUPPLY);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            try {
                if (i % 10 > 0) {
                    Producers.of(mutated(module, random));
                } else {
                    SupplyParser.parse(mutated(supply, random), "supply.toml");
                }
            } catch (ContractException e) {
                refused++;
            }
        }
        assertTrue(refused > MUTATIONS / 10, refused + " refused");
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bad = Arrays.copyOf(good, random.nextInt(6) == 0 ? random.nextInt(good.length) : good.length);
        for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        return bad;
    }
}
