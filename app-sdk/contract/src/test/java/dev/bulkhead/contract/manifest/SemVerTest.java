package dev.bulkhead.contract.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemVerTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0", "1.4.2", "1.0.0-alpha.1", "1.0.0-0a.b-c+build.05", "10.20.30+x"})
    void readsBack(String text) {
        assertEquals(text, SemVer.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "v1.2.3", "1.2.3.4", "1.2.9999999999"})
    void refusesWhatIsNoVersion(String text) {
        assertThrows(IllegalArgumentException.class, () -> SemVer.parse(text));
    }

    @Test
    void ordersAsTheSpecificationDoes() {
        List<String> rising = List.of(
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "1.0.1",
                "1.2.0",
                "1.10.0",
                "2.0.0");
        for (int i = 1; i < rising.size(); i++) {
            assertTrue(SemVer.parse(rising.get(i - 1)).compareTo(SemVer.parse(rising.get(i))) < 0, rising.get(i));
        }
        assertEquals(0, SemVer.parse("1.0.0+a").compareTo(SemVer.parse("1.0.0+b")));
    }
}
