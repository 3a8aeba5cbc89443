package dev.bulkhead.security.tuf;

/** Shell patterns: {@code *}, {@code ?} and {@code [set]}, each within one level of the path. Linear time per star. */
final class PathPattern {
    private PathPattern() {}

    static boolean matches(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!level(wanted[i], given[i])) {
                return false;
            }
        }
        return true;
    }

    /** Greedy matching with one point to come back to; never exponential. */
    private static boolean level(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && one(pattern, p, text.charAt(t))) {
                p = next(pattern, p);
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean one(String pattern, int p, char c) {
        return switch (pattern.charAt(p)) {
            case '?' -> true;
            case '[' -> setEnd(pattern, p) < 0 ? c == '[' : inSet(pattern, p + 1, setEnd(pattern, p), c);
            default -> pattern.charAt(p) == c;
        };
    }

    private static int next(String pattern, int p) {
        int end = pattern.charAt(p) == '[' ? setEnd(pattern, p) : -1;
        return end < 0 ? p + 1 : end + 1;
    }

    /** Index of the closing bracket; a bracket right after the opening (or its {@code !}) is a member. */
    private static int setEnd(String pattern, int open) {
        int from = open + 1;
        if (from < pattern.length() && pattern.charAt(from) == '!') {
            from++;
        }
        return pattern.indexOf(']', from + 1);
    }

    private static boolean inSet(String pattern, int from, int to, char c) {
        boolean negated = pattern.charAt(from) == '!';
        int i = negated ? from + 1 : from;
        boolean found = false;
        while (i < to) {
            if (i + 2 < to && pattern.charAt(i + 1) == '-') {
                found |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
                i += 3;
            } else {
                found |= pattern.charAt(i) == c;
                i++;
            }
        }
        return found != negated;
    }
}
