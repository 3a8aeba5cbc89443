package dev.bulkhead.contract.manifest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppIdTest {
    @Test
    void aPrefixEndsAtALabel() {
        AppId id = new AppId("com.acme.climate");
        assertTrue(id.isUnder("com.acme"));
        assertTrue(id.isUnder("com.acme.climate"));
        assertFalse(id.isUnder("com.acm"));
        assertFalse(id.isUnder("com.acme.climate.x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "climate",
                "Com.acme",
                "com..acme",
                "com.acme.",
                ".com.acme",
                "com.-a",
                "com.a-",
                "com/acme",
                "1com.acme",
                "com.acme\n"
            })
    void refusesWhatIsNoId(String text) {
        assertThrows(IllegalArgumentException.class, () -> new AppId(text));
    }
}
