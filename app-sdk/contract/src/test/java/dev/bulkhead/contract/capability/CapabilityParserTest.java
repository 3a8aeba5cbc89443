package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "signal Vehicle.Cabin.HVAC.** read",
                "signal Vehicle.*.Speed read rate<=10Hz",
                "signal Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed actuate",
                "signal Vehicle.A actuate range=-3.5..28 slew<=2.5/s rate<=5Hz lease<=500ms priority=100 failsafe=release",
                "signal Vehicle.A actuate range=0..1 failsafe=hold:500ms when \"Vehicle.Speed == 0\"",
                "signal Vehicle.A actuate failsafe=-1.5",
                "signal Vehicle.A actuate failsafe=true",
                "signal Vehicle.A actuate failsafe='OFF'",
                "signal Vehicle.A actuate when \"Vehicle.Gear == 'P' && !(Vehicle.Speed > 0 || age(Vehicle.Speed) <= 5ms)\"",
                "can can0 rx 2F0",
                "can can0 tx 100-1FF fd rate<=50fps dlc=0..64",
                "can vcan-1.x rx 18FEF100x dlc=8..8",
                "can can0 rx 100-1FF mask=700 when \"Vehicle.Speed < 5\"",
                "message climate/+/state publish",
                "message # subscribe rate<=0.5/s",
                "cloud telemetry/score publish rate<=1/s",
                "storage 256KiB",
                "storage 1B",
                "wasi stdio",
                "wasi scratch",
                "wasi assets",
                "infer any",
                "infer sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void readsBackWhatItWrites(String line) {
        CapabilityLine read = CapabilityParser.parse(line);
        assertEquals(line, read.capability().toString());
        assertEquals(line, read.text());
        assertEquals(
                read.capability(),
                CapabilityParser.parse(read.capability().toString()).capability());
    }

    @Test
    void readsEveryLimitOfAnActuation() {
        Capability read = CapabilityParser.parse(
                        "signal Vehicle.A.B actuate range=16..28 slew<=1/s rate<=2Hz lease<=500ms"
                                + " priority=40 failsafe=hold:20ms when \"Vehicle.Speed == 0 && age(Vehicle.Speed) < 500ms\"")
                .capability();
        SignalActuate expected = new SignalActuate(
                new SignalGlob("Vehicle.A.B"),
                Optional.of(new ValueRange(16, 28)),
                OptionalDouble.of(1),
                OptionalDouble.of(2),
                OptionalLong.of(500),
                OptionalInt.of(40),
                Optional.of(new Failsafe.Hold(20)),
                Optional.of(Condition.parse("Vehicle.Speed == 0 && age(Vehicle.Speed) < 500ms")));
        assertEquals(expected, read);
    }

    @Test
    void readsADenial() {
        CapabilityLine line = CapabilityParser.parse("deny can can0 tx 7E0-7EF");
        assertTrue(line.deny());
        assertEquals("can can0 tx 7E0-7EF", line.capability().toString());
    }

    @Test
    void readsASingleIdWithAMaskAsEveryIdThatAgrees() {
        CanReceive rx =
                (CanReceive) CapabilityParser.parse("can can0 rx 123 mask=700").capability();
        assertEquals(CanIds.masked(0x123, 0x700, false), rx.access().ids());
        assertTrue(rx.access().ids().contains(0x1FF, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|1|the line ends where a capability",
                "signl Vehicle.Speed read|1|unknown capability 'signl'",
                "signal|7|the line ends where a signal path",
                "signal Vehicle..Speed read|8|'' is not a path level",
                "signal Vehicle.Sp?ed read|8|'Sp?ed' is not a path level",
                "signal Vehicle.** reed|19|unknown access 'reed'",
                "signal A read rate<=0Hz|21|'0Hz' is not a rate",
                "signal A read rate<=10|21|'10' is not a rate",
                "signal A read rate=10Hz|15|'rate' is written rate<=",
                "signal A read rate<=1Hz rate<=2Hz|25|'rate' is given twice",
                "signal A read range=1..2|15|unknown limit 'range'",
                "signal A actuate range=5..1|24|'5..1' is not a range",
                "signal A actuate lease<=0ms|25|'0ms' is not a lease",
                "signal A actuate lease<=9999999999ms|25|is not a lease",
                "signal A actuate priority=101|27|a whole number 0..100",
                "signal A actuate failsafe=maybe|27|'maybe' is not a failsafe",
                "signal A actuate failsafe=hold:0ms|27|is not a failsafe",
                "signal A actuate when Vehicle.Speed|23|expected a condition in double quotes",
                "signal A actuate when \"Vehicle.Speed = 0\"|38|a single =",
                "signal A actuate when \"Vehicle.Speed == 0|23|a quote that does not end",
                "can can0 xx 123|10|unknown direction 'xx'",
                "can can0 tx 800|13|above 7FF; x marks extended",
                "can can0 tx 20000000x|13|above 1FFFFFFF",
                "can can0 tx 1FF-100|13|are empty",
                "can can0 tx 12G|13|is not a CAN id",
                "can can/0 tx 123|5|is not a bus name",
                "can can0 tx 123 dlc=0..9|21|beyond 8 needs fd",
                "can can0 tx 123 mask=FFF|22|at most 7FF",
                "message a//b publish|9|empty level",
                "message a/#/b publish|9|# may only be the last",
                "message a/b listen|13|unknown direction 'listen'",
                "storage 10MB|9|is not a size",
                "storage 0B|9|storage must be",
                "wasi network|6|unknown part of WASI 'network'",
                "infer sha256:12|7|64 lower-case",
                "deny signal A actuate range=0..1|23|a deny line takes no limits",
                "signal A read \"x\"|15|found a quoted text"
            })
    void namesColumnAndCause(String line, int column, String cause) {
        String text = line == null ? "" : line;
        CapabilityException e = assertThrows(CapabilityException.class, () -> CapabilityParser.parse(text));
        assertTrue(e.getMessage().contains(cause), e.getMessage());
        assertEquals(column, e.column(), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "signl Vehicle.Speed read,signal",
        "signal A raed,read",
        "signal A actuate failsave=release,failsafe",
        "can can0 tx 123 rat<=1fps,rate",
        "wasi stdoi,stdio",
        "cloud a pubish,publish"
    })
    void suggestsTheNearestKnownWord(String line, String suggestion) {
        CapabilityException e = assertThrows(CapabilityException.class, () -> CapabilityParser.parse(line));
        assertEquals(Optional.of(suggestion), e.suggestion());
        assertTrue(e.getMessage().contains("did you mean '" + suggestion + "'"), e.getMessage());
    }

    @Test
    void refusesALineThatIsTooLong() {
        String line = "signal " + "A".repeat(1_100) + " read";
        assertThrows(CapabilityException.class, () -> CapabilityParser.parse(line));
    }
}
