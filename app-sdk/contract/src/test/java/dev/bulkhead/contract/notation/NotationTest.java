package dev.bulkhead.contract.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotationTest {
    @ParameterizedTest
    @ValueSource(strings = {"0B", "1B", "1025B", "256KiB", "4MiB", "1GiB", "3GiB"})
    void sizesReadBack(String text) {
        assertEquals(text, ByteSize.text(ByteSize.parse(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "KiB", "1kb", "1.5MiB", "-1B", "1 KiB", "9999999999999B"})
    void refusesWhatIsNoSize(String text) {
        assertEquals(OptionalLong.empty(), ByteSize.parse(text));
    }

    @Test
    void hugeSizesDoNotOverflow() {
        assertEquals(true, ByteSize.parse("999999999999GiB").orElseThrow() > 0);
        assertEquals(true, ByteSize.parse("999999999999MiB").orElseThrow() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "500us", "20ms", "1500ms", "60us", "59s", "10m", "2h"})
    void spansReadBack(String text) {
        assertEquals(text, TimeSpan.text(TimeSpan.parse(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "5 ms", "-5ms", "5min", "1.5s", "9999999999s"})
    void refusesWhatIsNoSpan(String text) {
        assertEquals(Optional.empty(), TimeSpan.parse(text));
    }

    @Test
    void sixtySecondsAreAMinute() {
        assertEquals(Optional.of(Duration.ofMinutes(1)), TimeSpan.parse("60s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1.5", "20", "0.001", "1000000", "1.5E90"})
    void decimalsReadBack(String text) {
        assertEquals(text, Decimal.text(Decimal.parse(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Infinity", "0x10", "1.", ".5", "1e999", "1f", "+1"})
    void refusesWhatIsNoDecimal(String text) {
        assertEquals(OptionalDouble.empty(), Decimal.parse(text));
    }

    @Test
    void findsTheNearestWord() {
        List<String> known = List.of("version", "release", "module", "id", "abi");
        assertEquals(Optional.of("version"), NearestWord.to("verison", known));
        assertEquals(Optional.of("release"), NearestWord.to("RELEASE", known));
        assertEquals(Optional.of("id"), NearestWord.to("i", known));
        assertEquals(Optional.empty(), NearestWord.to("colour", known));
        assertEquals(Optional.empty(), NearestWord.to("x".repeat(10_000), known));
    }
}
