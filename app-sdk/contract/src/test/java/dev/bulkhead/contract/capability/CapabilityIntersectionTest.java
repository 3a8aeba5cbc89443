package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilityIntersectionTest {
    private static Capability parse(String line) {
        return CapabilityParser.parse(line).capability();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "signal A.** read;signal A.B read;signal A.B read",
                "signal A.* read rate<=10Hz;signal *.B read rate<=5Hz;signal A.B read rate<=5Hz",
                "signal A read;signal A actuate;",
                "signal A read;signal B read;",
                "signal A actuate range=0..10 slew<=2/s;signal A actuate range=5..20 slew<=3/s;signal A actuate range=5..10 slew<=2/s",
                "signal A actuate range=0..1;signal A actuate range=2..3;",
                "signal A actuate;signal A actuate lease<=500ms priority=7;signal A actuate lease<=500ms priority=7",
                "signal A actuate lease<=100ms priority=9;signal A actuate lease<=500ms priority=7;signal A actuate lease<=100ms priority=7",
                "signal A actuate failsafe=1;signal A actuate failsafe=release;signal A actuate failsafe=release",
                "signal A actuate failsafe=1;signal A actuate;signal A actuate failsafe=1",
                "signal A actuate when \"X == 0\";signal A actuate when \"Y == 0 || Z == 0\";signal A actuate when \"X == 0 && (Y == 0 || Z == 0)\"",
                "signal A actuate when \"X == 0\";signal A actuate when \"X == 0\";signal A actuate when \"X == 0\"",
                "can can0 rx 100-1FF rate<=5fps;can can0 rx 180-2FF rate<=9fps;can can0 rx 180-1FF rate<=5fps",
                "can can0 rx 100;can can1 rx 100;",
                "can can0 rx 100;can can0 tx 100;",
                "can can0 tx 100 fd dlc=0..64;can can0 tx 100 dlc=2..8;can can0 tx 100 dlc=2..8",
                "can can0 tx 100 fd dlc=12..64;can can0 tx 100;",
                "can can0 tx 100 fd;can can0 tx 100;can can0 tx 100",
                "message a/# publish rate<=3/s;message a/b publish;message a/b publish rate<=3/s",
                "message a publish;message a subscribe;",
                "message a publish;cloud a publish;",
                "storage 1MiB;storage 64KiB;storage 64KiB",
                "wasi stdio;wasi stdio;wasi stdio",
                "wasi stdio;wasi random;",
                "infer any;infer any;infer any"
            })
    void narrowsToWhatBothAllow(String request, String authority, String expected) {
        List<String> found = parse(request).intersect(parse(authority)).stream()
                .map(Object::toString)
                .toList();
        assertEquals(expected == null ? List.of() : List.of(expected), found);
    }

    @Test
    void aModelByNameIsNarrowerThanAnyModel() {
        String digest = "infer sha256:" + "ab".repeat(32);
        assertEquals(List.of(parse(digest)), parse(digest).intersect(parse("infer any")));
        assertEquals(List.of(parse(digest)), parse("infer any").intersect(parse(digest)));
        assertEquals(List.of(), parse(digest).intersect(parse("infer sha256:" + "cd".repeat(32))));
    }
}
