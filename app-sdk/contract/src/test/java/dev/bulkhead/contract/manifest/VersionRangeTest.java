package dev.bulkhead.contract.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {
    @ParameterizedTest
    @CsvSource({
        "*, 0.0.1, true",
        "*, 1.0.0-rc.1, true",
        ">=1.2 <2, 1.2.0, true",
        ">=1.2 <2, 1.1.9, false",
        ">=1.2 <2, 2.0.0, false",
        ">=1.2 <2, 2.0.0-rc.1, true",
        ">1, 1.0.0, false",
        "<=1.4.2, 1.4.2, true",
        "=1.4.2, 1.4.2+build.7, true",
        "=1.4.2-rc.1, 1.4.2, false",
        ">=1 >=2 <4 <3, 2.5.0, true"
    })
    void saysWhichVersionsWillDo(String range, String version, boolean contained) {
        assertEquals(contained, VersionRange.parse(range).contains(SemVer.parse(version)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1.2",
                "^1.2",
                ">= 1.2",
                ">=1.2  <2",
                ">=1.2,<2",
                ">=01.2",
                ">=1.2.",
                ">=1.2.3.4",
                ">=9999999999",
                ">1 >1 >1 >1 >1"
            })
    void refusesWhatIsNoRange(String text) {
        assertThrows(IllegalArgumentException.class, () -> VersionRange.parse(text));
    }

    @Test
    void isWrittenAsItIsUnderstood() {
        assertEquals(">=1.2.0 <2.0.0", VersionRange.parse(">=1.2 <2").toString());
        assertEquals("*", VersionRange.parse("*").toString());
    }
}
