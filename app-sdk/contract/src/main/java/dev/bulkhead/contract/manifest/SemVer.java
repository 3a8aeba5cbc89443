package dev.bulkhead.contract.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version after SemVer 2.0.0, at most 64 characters. Ordered by its precedence; equality looks at build metadata too.
 * The order of versions is for people: what may replace what is decided by the release counter.
 *
 * @param preRelease without the hyphen; empty for a release
 * @param build without the plus; empty when there is none
 */
public record SemVer(int major, int minor, int patch, String preRelease, String build) implements Comparable<SemVer> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
    private static final String PRE = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + PRE
            + "(?:\\." + PRE + ")*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");

    /** @throws IllegalArgumentException when the text is not a version */
    public static SemVer parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > 64 || !form.matches()) {
            throw new IllegalArgumentException(
                    "a version is SemVer, such as 1.4.2 or 2.0.0-rc.1 (64 characters at most)");
        }
        String pre = form.group(4);
        String build = form.group(5);
        return new SemVer(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                pre == null ? "" : pre,
                build == null ? "" : build);
    }

    @Override
    public int compareTo(SemVer other) {
        int order = Integer.compare(major, other.major);
        order = order != 0 ? order : Integer.compare(minor, other.minor);
        order = order != 0 ? order : Integer.compare(patch, other.patch);
        return order != 0 ? order : comparePreRelease(preRelease, other.preRelease);
    }

    private static int comparePreRelease(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Boolean.compare(a.isEmpty(), b.isEmpty());
        }
        String[] left = a.split("\\.", -1);
        String[] right = b.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareIdentifier(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareIdentifier(String a, String b) {
        boolean numberA = a.chars().allMatch(Character::isDigit);
        boolean numberB = b.chars().allMatch(Character::isDigit);
        if (numberA && numberB) {
            return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
        }
        return numberA != numberB ? Boolean.compare(numberB, numberA) : a.compareTo(b);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (preRelease.isEmpty() ? "" : "-" + preRelease)
                + (build.isEmpty() ? "" : "+" + build);
    }
}
