package dev.bulkhead.hal.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VssDocumentTest {
    private static VssDocument parse(String json) {
        return VssDocument.parse("t.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(String json) {
        return String.valueOf(
                assertThrows(VssException.class, () -> parse(json).tree()).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "vss_release_4.0.json, 910, 287, 379, 425, 106",
        "vss_4.2_with_dbc_mapping.json, 1069, 322, 468, 483, 118",
        "vss_release_6.0.json, 1263, 340, 490, 643, 130"
    })
    void readsTheFullReleases(String file, int leaves, int branches, int sensors, int actuators, int attributes) {
        Path path = sharedData().resolve("vss").resolve(file);
        assumeTrue(Files.exists(path), "no shared data");
        SignalTree tree = VssDocument.read(path).tree();
        assertEquals(
                List.of(leaves, branches, sensors, actuators, attributes),
                List.of(
                        tree.size(),
                        tree.branchCount(),
                        (int) tree.count(LeafKind.SENSOR),
                        (int) tree.count(LeafKind.ACTUATOR),
                        (int) tree.count(LeafKind.ATTRIBUTE)));
    }

    @Test
    void aFileThatEndsTooEarlySaysWhereInTheReadersWords() {
        String text = refusal("{'Vehicle': {'type': 'branch', 'children': {");
        assertTrue(text.contains("line 1") && text.contains("line: 1, column: "), text);
        assertTrue(!text.contains("Source") && !text.contains("REDACTED"), text);
    }

    static Path sharedData() {
        return Path.of(System.getProperty("bulkhead.shared", "../../shared/data"));
    }

    @Test
    void readsTheDefaultVehicle() {
        SignalTree tree = DefaultVehicle.tree();
        assertTrue(tree.size() >= 120 && tree.size() <= 200, () -> tree.size() + " leaves");
        SignalLeaf speed = tree.find("Vehicle.Speed").orElseThrow();
        assertEquals(Datatype.FLOAT, speed.type());
        assertEquals(500, speed.ageLimit().toMillis());
        assertEquals(
                LeafKind.ACTUATOR,
                tree.find("Vehicle.Chassis.Brake.PedalPosition").orElseThrow().kind());
    }

    @Test
    void readsEveryDatatype() {
        for (Datatype type : Datatype.values()) {
            SignalTree tree = parse("{'V':{'type':'branch','children':{'S':{'type':'sensor','datatype':'%s'}}}}"
                            .formatted(type.vssName()))
                    .tree();
            assertEquals(type, tree.leaf(0).type());
        }
    }

    @Test
    void expandsInstancesThatAnExportStillCarries() {
        SignalTree tree = parse("{'V':{'type':'branch','instances':['Row[1,2]',['Left','Right']],'children':"
                        + "{'Open':{'type':'sensor','datatype':'boolean'},"
                        + "'Count':{'type':'attribute','datatype':'uint8','instantiate':false}}}}")
                .tree();
        assertEquals(
                "V.Count V.Row1.Left.Open V.Row1.Right.Open V.Row2.Left.Open V.Row2.Right.Open",
                tree.leaves().stream().map(SignalLeaf::path).sorted().collect(Collectors.joining(" ")));
    }

    @Test
    void laysAnOverlayOver() {
        VssDocument base =
                parse("{'V':{'type':'branch','children':{'S':{'type':'sensor','datatype':'float','unit':'m'}}}}");
        VssDocument overlay =
                parse("{'V':{'type':'branch','children':{'S':{'type':'actuator','datatype':'float','max':5},"
                        + "'New':{'type':'sensor','datatype':'string[]'}}}}");
        SignalTree tree = base.overlaid(overlay).tree();
        SignalLeaf changed = tree.find("V.S").orElseThrow();
        assertEquals(LeafKind.ACTUATOR, changed.kind());
        assertEquals("m", changed.unit());
        assertEquals(5, changed.max().orElseThrow());
        assertTrue(tree.find("V.New").isPresent());
        assertEquals(LeafKind.SENSOR, base.tree().leaf(0).kind());
    }

    @Test
    void brokenJsonNamesLineAndColumn() {
        assertTrue(refusal("{'V':\n  {'type' 'branch'}}").contains("t.json: line 2 column "));
    }

    @Test
    void unknownDatatypeNamesTheLeaf() {
        assertEquals(
                "t.json: V.S: datatype 'uint9' is not one of VSS",
                refusal("{'V':{'type':'branch','children':{'S':{'type':'sensor','datatype':'uint9'}}}}"));
    }

    @Test
    void unknownNodeTypeNamesTheNode() {
        assertTrue(refusal("{'V':{'type':'struct'}}").startsWith("t.json: V: type 'struct'"));
    }

    @Test
    void refusesADefaultOfTheWrongType() {
        assertTrue(refusal("{'S':{'type':'attribute','datatype':'uint8','default':300}}")
                .contains("default 300"));
    }

    @Test
    void refusesWrongMinimum() {
        assertTrue(refusal("{'S':{'type':'sensor','datatype':'uint8','min':'low'}}")
                .contains("min must be a number"));
    }

    @Test
    void refusesInstancesThatMultiplyWithoutEnd() {
        assertTrue(refusal("{'V':{'type':'branch','instances':['A[1,999]','B[1,999]','C[1,999]'],'children':{}}}")
                .contains("too large"));
    }

    @Test
    void refusesANestThatIsTooDeep() {
        String deep = "{'a':{'type':'branch','children':".repeat(40) + "{}" + "}}".repeat(40);
        assertTrue(refusal(deep).contains("deep"));
    }

    @Test
    void refusesPathsNobodyCouldGrant() {
        assertTrue(refusal("{'V*':{'type':'branch'}}").contains("a path has letters"));
    }
}
