package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, foo.tgz, true",
        "*, dir/foo.tgz, false",
        "targets/*.tgz, targets/foo.tgz, true",
        "targets/*.tgz, targets/foo.txt, false",
        "targets/*.tgz, targets/sub/foo.tgz, false",
        "foo-version-?.tgz, foo-version-2.tgz, true",
        "foo-version-?.tgz, foo-version-alpha.tgz, false",
        "*/foo, dir/foo, true",
        "*/foo, foo, false",
        "[ab]c, bc, true",
        "[!ab]c, bc, false",
        "[a-c]x, bx, true",
        "[]]x, ]x, true",
        "[ab, [ab, true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false"
    })
    void matchesLevelByLevel(String pattern, String path, boolean matches) {
        assertEquals(matches, PathPattern.matches(pattern, path));
    }

    @Test
    void staysFastOnHostilePatterns() {
        String pattern = "*a".repeat(200) + "b";
        assertEquals(false, PathPattern.matches(pattern, "a".repeat(2000)));
    }

    @Test
    void binsBySha256OfThePath() {
        // sha256("") starts with e3b0
        assertEquals(true, new PathSet.HashPrefixes(List.of("e3")).covers(""));
        assertEquals(false, new PathSet.HashPrefixes(List.of("e4")).covers(""));
    }
}
