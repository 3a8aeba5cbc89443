package dev.bulkhead.hal.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a leaf of a VSS export says of its values, and which it takes. */
class SignalLeafTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static SignalTree tree(String leaf) {
        String json = ("{'V':{'type':'branch','children':{'S':" + leaf + "}}}").replace('\'', '"');
        return VssDocument.parse("t.json", json.getBytes(StandardCharsets.UTF_8))
                .tree();
    }

    private static SignalValue value(SignalLeaf leaf, String json) throws IOException {
        return JsonValues.parse(JSON.readTree(json.replace('\'', '"')), leaf.type())
                .orElseThrow();
    }

    @Test
    void theDatatypesAreThoseOfTheStandardAndTheirArrays() {
        Set<String> standard = new TreeSet<>();
        for (String scalar : List.of(
                "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "boolean", "float", "double",
                "string")) {
            standard.add(scalar);
            standard.add(scalar + "[]");
        }
        assertEquals(
                standard,
                Arrays.stream(Datatype.values()).map(Datatype::vssName).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void keepsUnitRangeAndDefault() throws IOException {
        SignalLeaf leaf = tree("{'type':'attribute','datatype':'int16','unit':'m','min':-5,'max':9,'default':3}")
                .leaf(0);
        assertEquals("m", leaf.unit());
        assertEquals(-5, leaf.min().orElseThrow());
        assertEquals(9, leaf.max().orElseThrow());
        assertEquals(value(leaf, "3"), leaf.defaultValue().orElseThrow());
    }

    @Test
    void takesOnlyWhatItAllows() throws IOException {
        SignalLeaf text = tree("{'type':'sensor','datatype':'string','allowed':['ECO','SPORT']}")
                .leaf(0);
        assertEquals(List.of("ECO", "SPORT"), text.allowed());
        assertEquals("FITS", text.fit(SignalValue.of("ECO")).name());
        assertEquals("OUT_OF_RANGE", text.fit(SignalValue.of("WARP")).name());
        SignalLeaf texts = tree("{'type':'sensor','datatype':'string[]','allowed':['A','B']}")
                .leaf(0);
        assertEquals("FITS", texts.fit(value(texts, "['A','B','A']")).name());
        assertEquals("OUT_OF_RANGE", texts.fit(value(texts, "['A','C']")).name());
        SignalLeaf numbers =
                tree("{'type':'sensor','datatype':'uint8[]','max':10}").leaf(0);
        assertEquals("OUT_OF_RANGE", numbers.fit(value(numbers, "[1,11]")).name());
    }

    @Test
    void everyArrayIsCarriedThroughTheStore() throws IOException {
        ManualTime time = new ManualTime();
        for (Datatype type : Datatype.values()) {
            if (!type.vssName().endsWith("[]")) {
                continue;
            }
            SignalTree tree = tree("{'type':'sensor','datatype':'%s'}".formatted(type.vssName()));
            SignalStore store = new SignalStore(tree, time, time, 1);
            String json = type.vssName().startsWith("string")
                    ? "['a','b']"
                    : type.vssName().startsWith("boolean") ? "[true,false]" : "[1,2]";
            SignalValue value = value(tree.leaf(0), json);
            assertTrue(store.publish(0, value, time.nanos()), type::vssName);
            assertEquals(value, store.cell(0).value().orElseThrow(), type::vssName);
            assertFalse(store.publish(0, SignalValue.of("x"), time.nanos()), type::vssName);
        }
    }
}
