package dev.bulkhead.contract.capability;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Patterns over dot- or slash-separated levels: a literal, {@link #ONE} for exactly one level, {@link #DEPTH} for any
 * number of levels, none included. The algebra behind signal globs and topic filters. Kept in normal form: in a run of
 * wildcards the single levels come first and one DEPTH last, so that equal languages mostly are equal lists.
 */
record LevelPattern(List<String> levels) {
    static final String ONE = "*";
    static final String DEPTH = "**";
    /** Levels in a pattern at most; with {@link #MOST_DEPTHS} it bounds the work of every operation. */
    static final int MOST_LEVELS = 32;

    static final int MOST_DEPTHS = 3;

    LevelPattern {
        levels = normal(levels);
    }

    private static List<String> normal(List<String> levels) {
        List<String> out = new ArrayList<>(levels.size());
        boolean depth = false;
        for (String level : levels) {
            if (level.equals(DEPTH)) {
                depth = true;
                continue;
            }
            if (depth && !level.equals(ONE)) {
                out.add(DEPTH);
                depth = false;
            }
            out.add(level);
        }
        if (depth) {
            out.add(DEPTH);
        }
        return List.copyOf(out);
    }

    boolean isExact() {
        return !levels.contains(ONE) && !levels.contains(DEPTH);
    }

    /** Whether some concrete name matches both. */
    boolean overlaps(LevelPattern other) {
        List<String> a = levels;
        List<String> b = other.levels;
        boolean[][] meets = new boolean[a.size() + 1][b.size() + 1];
        for (int i = a.size(); i >= 0; i--) {
            for (int j = b.size(); j >= 0; j--) {
                meets[i][j] = overlapsFrom(a, b, i, j, meets);
            }
        }
        return meets[0][0];
    }

    private static boolean overlapsFrom(List<String> a, List<String> b, int i, int j, boolean[][] meets) {
        boolean endA = i == a.size();
        boolean endB = j == b.size();
        if (endA && endB) {
            return true;
        }
        boolean depthA = !endA && a.get(i).equals(DEPTH);
        boolean depthB = !endB && b.get(j).equals(DEPTH);
        if (depthA && (meets[i + 1][j] || (!endB && meets[i][j + 1]))) {
            return true;
        }
        if (depthB && (meets[i][j + 1] || (!endA && meets[i + 1][j]))) {
            return true;
        }
        return !endA && !endB && !depthA && !depthB && meet(a.get(i), b.get(j)) && meets[i + 1][j + 1];
    }

    private static boolean meet(String a, String b) {
        return a.equals(ONE) || b.equals(ONE) || a.equals(b);
    }

    /** Whether everything the other matches is matched here. Never says yes wrongly. */
    boolean contains(LevelPattern other) {
        List<String> a = levels;
        List<String> b = other.levels;
        boolean[][] holds = new boolean[a.size() + 1][b.size() + 1];
        for (int i = a.size(); i >= 0; i--) {
            for (int j = b.size(); j >= 0; j--) {
                holds[i][j] = containsFrom(a, b, i, j, holds);
            }
        }
        return holds[0][0];
    }

    private static boolean containsFrom(List<String> a, List<String> b, int i, int j, boolean[][] holds) {
        boolean endB = j == b.size();
        if (i == a.size()) {
            return endB;
        }
        if (a.get(i).equals(DEPTH)) {
            return holds[i + 1][j] || (!endB && holds[i][j + 1]);
        }
        if (endB || b.get(j).equals(DEPTH)) {
            return false;
        }
        return (a.get(i).equals(ONE) || a.get(i).equals(b.get(j))) && holds[i + 1][j + 1];
    }

    /** Patterns whose union matches exactly what both match; one when either contains the other or is exact. */
    List<LevelPattern> intersect(LevelPattern other) {
        if (contains(other)) {
            return List.of(other);
        }
        if (other.contains(this)) {
            return List.of(this);
        }
        if (!overlaps(other)) {
            return List.of();
        }
        Set<LevelPattern> found = new LinkedHashSet<>();
        common(levels, other.levels, new ArrayList<>(), found);
        return found.stream()
                .filter(p -> found.stream().noneMatch(q -> !q.equals(p) && q.contains(p)))
                .toList();
    }

    private static void common(List<String> a, List<String> b, List<String> prefix, Set<LevelPattern> found) {
        if (a.isEmpty() && b.isEmpty()) {
            found.add(new LevelPattern(prefix));
            return;
        }
        boolean depthA = !a.isEmpty() && a.getFirst().equals(DEPTH);
        boolean depthB = !b.isEmpty() && b.getFirst().equals(DEPTH);
        if (!new LevelPattern(a).overlaps(new LevelPattern(b))) {
            return;
        }
        if (depthA && depthB) {
            common(rest(a), b, with(prefix, DEPTH), found);
            common(a, rest(b), with(prefix, DEPTH), found);
        } else if (depthA) {
            skipOrTake(a, b, prefix, found);
        } else if (depthB) {
            skipOrTake(b, a, prefix, found);
        } else {
            String level = a.getFirst().equals(ONE) ? b.getFirst() : a.getFirst();
            common(rest(a), rest(b), with(prefix, level), found);
        }
    }

    /** {@code deep} starts with DEPTH, {@code other} does not: DEPTH ends here, or swallows one level of the other. */
    private static void skipOrTake(List<String> deep, List<String> other, List<String> prefix, Set<LevelPattern> out) {
        common(rest(deep), other, prefix, out);
        if (!other.isEmpty()) {
            common(deep, rest(other), with(prefix, other.getFirst()), out);
        }
    }

    private static List<String> rest(List<String> list) {
        return list.subList(1, list.size());
    }

    private static List<String> with(List<String> prefix, String level) {
        List<String> longer = new ArrayList<>(prefix);
        longer.add(level);
        return longer;
    }
}
