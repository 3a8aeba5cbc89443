package dev.bulkhead.contract.notation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuoteTest {
    @Test
    void aNameIsShownAsItIs() {
        assertEquals("Straße_東京 🚗", Quote.of("Straße_東京 🚗"));
        assertEquals("a".repeat(200), Quote.of("a".repeat(200)));
    }

    @Test
    void aLongNameIsCutAndItsLengthTold() {
        assertEquals("a".repeat(200) + "… (3000000 characters)", Quote.of("a".repeat(3_000_000)));
        assertEquals("🚗".repeat(200) + "… (201 characters)", Quote.of("🚗".repeat(201)));
    }

    @Test
    void whatMovesACursorIsShownAndNotObeyed() {
        assertEquals("\uFFFD[31mred\uFFFDline", Quote.of("\u001B[31mred\nline"));
        assertEquals("\uFFFD\uFFFD\uFFFD", Quote.of("\u009B\u2028\u2029"));
        assertEquals("a\uFFFDb\uFFFD", Quote.of("a\u202Eb\u2066"));
        assertEquals("half\uFFFD", Quote.of("half\uD83D"));
    }

    @Test
    void aTextIsCutWhereItsPlaceEnds() {
        assertEquals("abc", Quote.of("abc", 3));
        assertEquals("abc…", Quote.of("abcd", 3));
    }

    @Test
    void aLineKeepsItsTabsAndItsLengthAndLosesTheBlanksAtItsEnd() {
        assertEquals("a\tb\uFFFDc", Quote.line("a\tb\rc \n"));
        assertEquals(5_000, Quote.line("x".repeat(5_000)).length());
    }
}
