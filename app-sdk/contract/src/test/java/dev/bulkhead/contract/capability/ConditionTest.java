package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.Readings.Reading;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final Map<String, Reading> VALUES = Map.of(
            "Vehicle.Speed", new Reading(new Literal.Numeric(0), 400_000_000, false),
            "Vehicle.Gear", new Reading(new Literal.Text("P"), 0, false),
            "Vehicle.Open", new Reading(new Literal.Bool(false), 0, false),
            "Vehicle.Old", new Reading(new Literal.Numeric(1), 9_000_000_000L, true),
            "Vehicle.NaN", new Reading(new Literal.Numeric(Double.NaN), 0, false));

    private static boolean holds(String text) {
        return Condition.parse(text).holds(path -> Optional.ofNullable(VALUES.get(path)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "Vehicle.Speed == 0;true",
                "Vehicle.Speed != 0;false",
                "0 <= Vehicle.Speed;true",
                "-0.0 == Vehicle.Speed;true",
                "Vehicle.Speed < 1e-3;true",
                "age(Vehicle.Speed) < 500ms;true",
                "age(Vehicle.Speed) < 400ms;false",
                "age(Vehicle.Speed) <= 400ms;true",
                "Vehicle.Gear == 'P';true",
                "Vehicle.Gear == \"R\";false",
                "Vehicle.Gear != 'R';true",
                "Vehicle.Open == false;true",
                "!(Vehicle.Open == true);true",
                "!Vehicle.Open == true;true",
                "Vehicle.Speed > 1 || Vehicle.Gear == 'P';true",
                "Vehicle.Speed > 1 || Vehicle.Gear == 'P' && Vehicle.Open == true;false",
                "(Vehicle.Speed > 1 || Vehicle.Gear == 'P') && Vehicle.Open == false;true",
                "Vehicle.Speed == Vehicle.Speed;true"
            })
    void decides(String text, boolean expected) {
        assertEquals(expected, holds(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Vehicle.Missing == 0",
                "!(Vehicle.Missing == 0)",
                "Vehicle.Speed == 0 || Vehicle.Missing == 0",
                "Vehicle.Old == 1",
                "!(Vehicle.Old == 1)",
                "Vehicle.Speed == 0 || age(Vehicle.Old) < 60000ms",
                "!(age(Vehicle.Missing) < 5ms)",
                "Vehicle.NaN == 0",
                "!(Vehicle.NaN == 0)",
                "!(Vehicle.Gear == 3)",
                "!(Vehicle.Gear < 'Q')",
                "!(Vehicle.Open != 0)"
            })
    void failsClosedOnWhatIsMissingStaleOrOfAnotherType(String text) {
        assertFalse(holds(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                ";1;expected a signal path or a value, found the end",
                "Vehicle.Speed;14;for a boolean signal write Vehicle.Speed == true",
                "Vehicle.Speed = 0;15;equality is written ==",
                "Vehicle.Speed == 0 & Vehicle.X == 1;20;write &&",
                "Vehicle.* == 0;1;no wildcard",
                "Vehicle..X == 0;1;not a plain VSS path",
                "1 == 1;1;needs a signal",
                "age(Vehicle.X) > 5ms;16;expected <",
                "age(Vehicle.X) < 5s;18;1ms..3600000ms",
                "age(5) < 5ms;5;takes a signal path",
                "(Vehicle.X == 1;16;expected ), found the end",
                "Vehicle.X == 1 Vehicle.Y == 2;16;expected && or ||",
                "Vehicle.X == 'abc;14;a string that does not end",
                "Vehicle.X == 1x;14;'1x' is not a number",
                "Vehicle.X == #;14;unexpected character '#'"
            })
    void namesColumnAndCause(String text, int column, String cause) {
        CapabilityException e =
                assertThrows(CapabilityException.class, () -> Condition.parse(text == null ? "" : text));
        assertTrue(e.getMessage().contains(cause), e.getMessage());
        assertEquals(column, e.column(), e.getMessage());
    }

    @Test
    void boundsDepthTermsAndLength() {
        String deep = "(".repeat(20) + "A == 1" + ")".repeat(20);
        assertThrows(CapabilityException.class, () -> Condition.parse(deep));
        assertThrows(CapabilityException.class, () -> Condition.parse("!".repeat(400) + "A == 1"));
        String wide = "A<1" + "||A<1".repeat(64);
        assertThrows(CapabilityException.class, () -> Condition.parse(wide));
        assertThrows(CapabilityException.class, () -> Condition.parse(" ".repeat(600)));
        Condition.parse("A<1" + "||A<1".repeat(63));
    }

    @Test
    void readsBackWithTheSameMeaning() {
        String text = "!(A.B == 1) && (A.C < 2 || A.D >= -1.5) && (A.E == 'x\\'y' && age(A.F) <= 10ms) || A.G != true";
        Condition read = Condition.parse(text);
        assertEquals(read, Condition.parse(read.toString()));
        assertEquals(Set.of("A.B", "A.C", "A.D", "A.E", "A.F", "A.G"), read.signals());
    }
}
