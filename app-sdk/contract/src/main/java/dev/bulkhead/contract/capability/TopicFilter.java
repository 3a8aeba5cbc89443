package dev.bulkhead.contract.capability;

import java.util.Arrays;
import java.util.List;

/**
 * An MQTT topic filter: levels divided by {@code /}, {@code +} for one level, {@code #} (last only) for any number of
 * levels, none included. At most 255 characters and 32 levels; no empty level, no control character, no leading {@code $}.
 */
public record TopicFilter(String text) {
    private static final int LONGEST = 255;

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public TopicFilter {
        List<String> levels = split(text);
        if (text.isEmpty() || text.length() > LONGEST || levels.size() > LevelPattern.MOST_LEVELS) {
            throw new IllegalArgumentException("a topic filter has 1..255 characters and at most 32 levels");
        }
        if (text.startsWith("$")) {
            throw new IllegalArgumentException("a topic filter must not begin with $");
        }
        for (int i = 0; i < levels.size(); i++) {
            check(levels.get(i), i == levels.size() - 1);
        }
    }

    private static void check(String level, boolean last) {
        if (level.isEmpty()) {
            throw new IllegalArgumentException("a topic filter must not have an empty level");
        }
        if (level.equals("#") && !last) {
            throw new IllegalArgumentException("# may only be the last level of a topic filter");
        }
        boolean wildcard = level.equals("+") || level.equals("#");
        if (!wildcard && level.chars().anyMatch(c -> c <= ' ' || c == '+' || c == '#' || c == '*' || c == 127)) {
            throw new IllegalArgumentException(
                    "'" + level + "' is not a topic level: + and # stand alone; no *, blank or control character");
        }
    }

    private static List<String> split(String text) {
        return Arrays.asList(text.split("/", -1));
    }

    private LevelPattern pattern() {
        return new LevelPattern(split(text).stream().map(TopicFilter::toPattern).toList());
    }

    private static String toPattern(String level) {
        return level.equals("+") ? LevelPattern.ONE : level.equals("#") ? LevelPattern.DEPTH : level;
    }

    private static String fromPattern(String level) {
        return level.equals(LevelPattern.ONE) ? "+" : level.equals(LevelPattern.DEPTH) ? "#" : level;
    }

    /** Whether the filter names one topic only, so that one can publish to it. */
    public boolean isExact() {
        return text.indexOf('+') < 0 && text.indexOf('#') < 0;
    }

    /** Whether the concrete topic is in the set. A topic that is not a well-formed one is in no set. */
    public boolean matches(String topic) {
        if (isExact()) {
            return text.equals(topic);
        }
        if (topic.length() > LONGEST || topic.indexOf('*') >= 0) {
            return false;
        }
        List<String> levels = split(topic);
        return levels.size() <= LevelPattern.MOST_LEVELS && pattern().contains(new LevelPattern(levels));
    }

    /** Whether every topic of the other is in this set; never a wrong yes. */
    public boolean contains(TopicFilter other) {
        return pattern().contains(other.pattern());
    }

    public boolean overlaps(TopicFilter other) {
        return pattern().overlaps(other.pattern());
    }

    /** Filters that together are exactly the common topics; at most one when either is exact or contains the other. */
    public List<TopicFilter> intersect(TopicFilter other) {
        return pattern().intersect(other.pattern()).stream()
                .map(p -> new TopicFilter(String.join(
                        "/", p.levels().stream().map(TopicFilter::fromPattern).toList())))
                .toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
