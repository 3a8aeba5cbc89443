package dev.bulkhead.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchRowTest {
    @Test
    void documentsNameValueUnitAimAndWhetherItIsMetAndNothingElse() {
        assertEquals(
                "{name=wait, value=2.5, unit=ms, aim=3.0, met=true}",
                BenchRow.atMost("wait", 2.5, "ms", 3).document().toString());
        assertEquals(
                "{name=apps, value=9.0, unit=, aim=10.0, met=false}",
                BenchRow.atLeast("apps", 9, "", 10).document().toString());
        assertEquals(
                List.of("name", "value", "unit", "aim", "met"),
                new ArrayList<>(new Measurement("rate", 1, "ops/s", 2, true, "somehow")
                        .row()
                        .document()
                        .keySet()));
    }

    @Test
    void anAimOfZeroIsOne() {
        assertEquals(true, BenchRow.atMost("lost", 0, "", 0).met());
        assertEquals(false, BenchRow.atMost("lost", 1, "", 0).met());
    }

    @Test
    void aFigureThatIsOnlyToldHasNeitherAimNorVerdict() {
        BenchRow row = BenchRow.plain("pace", 1, "ms");
        assertNull(row.met());
        assertEquals(
                "{name=pace, value=1.0, unit=ms, aim=null, met=null}",
                row.document().toString());
    }

    @Test
    void anAimThatCouldNotBeMeasuredIsNotMet() {
        BenchRow row = BenchRow.notMeasured("ratio", "×", 1.1, "gcc is not installed");
        assertEquals(
                "{name=ratio, value=null, unit=×, aim=1.1, met=false}",
                row.document().toString());
    }

    @Test
    void whatIsNoNumberIsNoValueAndMeetsNothing() {
        BenchRow row = BenchRow.atLeast("rate", Double.NaN, "ops/s", 1);
        assertEquals(false, row.met());
        assertNull(row.document().get("value"));
    }

    @Test
    void theMachineIsNamedByItsProcessorAndTheirNumber() {
        String machine = BenchRows.machine();
        assertTrue(machine.contains(Runtime.getRuntime().availableProcessors() + " processors"), machine);
        assertFalse(machine.startsWith(","), machine);
    }
}
