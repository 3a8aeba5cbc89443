package dev.bulkhead.contract.capability;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A set of VSS paths: {@code *} stands for one level, {@code **} for any number of levels (none included). At most 255
 * characters, 32 levels and three {@code **}. Matching is case sensitive, as VSS is.
 */
public record SignalGlob(String text) {
    private static final Pattern LEVEL = Pattern.compile("[A-Za-z0-9_]{1,64}|\\*\\*?");
    private static final int LONGEST = 255;

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public SignalGlob {
        List<String> levels = split(text);
        if (text.isEmpty() || text.length() > LONGEST || levels.size() > LevelPattern.MOST_LEVELS) {
            throw new IllegalArgumentException("a signal path has 1..255 characters and at most 32 levels");
        }
        for (String level : levels) {
            if (!LEVEL.matcher(level).matches()) {
                throw new IllegalArgumentException(
                        "'" + level + "' is not a path level: letters, digits and _ (64 at most), * or **");
            }
        }
        if (levels.stream().filter(LevelPattern.DEPTH::equals).count() > LevelPattern.MOST_DEPTHS) {
            throw new IllegalArgumentException("at most three ** in a signal path");
        }
    }

    private static List<String> split(String text) {
        return Arrays.asList(text.split("\\.", -1));
    }

    private LevelPattern pattern() {
        return new LevelPattern(split(text));
    }

    /** Whether the glob names one path only. */
    public boolean isExact() {
        return text.indexOf('*') < 0;
    }

    /** Whether the concrete path is in the set. A path that is not a well-formed one is in no set. */
    public boolean matches(String path) {
        if (isExact()) {
            return text.equals(path);
        }
        if (path.length() > LONGEST || path.indexOf('*') >= 0) {
            return false;
        }
        List<String> levels = split(path);
        return levels.size() <= LevelPattern.MOST_LEVELS && pattern().contains(new LevelPattern(levels));
    }

    /** Whether every path of the other is in this set; never a wrong yes. */
    public boolean contains(SignalGlob other) {
        return pattern().contains(other.pattern());
    }

    public boolean overlaps(SignalGlob other) {
        return pattern().overlaps(other.pattern());
    }

    /** Globs that together are exactly the common paths; at most one when either is exact or contains the other. */
    public List<SignalGlob> intersect(SignalGlob other) {
        return pattern().intersect(other.pattern()).stream()
                .map(p -> new SignalGlob(String.join(".", p.levels())))
                .toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
