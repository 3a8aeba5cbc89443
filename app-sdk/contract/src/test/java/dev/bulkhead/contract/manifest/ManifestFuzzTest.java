package dev.bulkhead.contract.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Mutates a valid manifest with a fixed seed: only ManifestException may come out. */
class ManifestFuzzTest {
    private static final String[] PIECES = {
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\u0000",
        "\\",
        "-",
        "1e9",
        "0x",
        "nan",
        "inf",
        "true",
        "1979-05-27",
        "07:32:00",
        "[app]",
        "[[capability]]",
        "\u0000",
        "é",
        "\r",
        "_",
        "+1"
    };

    @Test
    void throwsNothingButItsOwnException() {
        Random random = new Random(20261122);
        byte[] valid = ManifestParserTest.FULL.getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int round = 0; round < 2_000; round++) {
            try {
                ManifestParser.parse(mutate(valid, random), "app.toml");
                read++;
            } catch (ManifestException e) {
                Assertions.assertTrue(e.line() >= 0, e.getMessage());
            }
        }
        Assertions.assertTrue(read > 10, "some mutants must stay readable: " + read);
    }

    private static byte[] mutate(byte[] valid, Random random) {
        StringBuilder text = new StringBuilder(new String(valid, StandardCharsets.ISO_8859_1));
        for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 30)));
                case 2 -> text.setCharAt(at, (char) random.nextInt(256));
                default -> text.insert(at, text.substring(Math.max(0, at - random.nextInt(60)), at));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
