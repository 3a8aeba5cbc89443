package dev.bulkhead.contract.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions of another app will do: up to four comparisons that must all hold, {@code ">=1.2 <2"}, or {@code "*"} for any. A version
 * may leave out what is zero. Pre-releases are ordered as SemVer orders them: {@code 2.0.0-rc.1} lies below {@code 2}.
 */
public record VersionRange(List<Comparison> comparisons) {
    private static final int MOST = 4;
    private static final Pattern FORM =
            Pattern.compile("(>=|<=|>|<|=)([0-9]{1,9})(?:\\.([0-9]{1,9}))?(?:\\.([0-9]\\S*))?");

    /** Any version. */
    public static final VersionRange ANY = new VersionRange(List.of());

    /** One side of a range. */
    public record Comparison(Operator operator, SemVer version) {
        boolean holds(SemVer other) {
            int order = other.compareTo(version);
            return switch (operator) {
                case AT_LEAST -> order >= 0;
                case AT_MOST -> order <= 0;
                case ABOVE -> order > 0;
                case BELOW -> order < 0;
                case EXACTLY -> order == 0;
            };
        }

        @Override
        public String toString() {
            return operator + version.toString();
        }
    }

    /** How two versions are compared. */
    public enum Operator {
        AT_LEAST(">="),
        AT_MOST("<="),
        ABOVE(">"),
        BELOW("<"),
        EXACTLY("=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        @Override
        public String toString() {
            return sign;
        }
    }

    public VersionRange {
        comparisons = List.copyOf(comparisons);
    }

    /** @throws IllegalArgumentException saying what a range looks like */
    public static VersionRange parse(String text) {
        if (text.equals("*")) {
            return ANY;
        }
        String[] parts = text.split(" ", MOST + 1);
        if (parts.length > MOST) {
            throw new IllegalArgumentException("a range has at most " + MOST + " comparisons");
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (String part : parts) {
            comparisons.add(comparison(part));
        }
        return new VersionRange(comparisons);
    }

    private static Comparison comparison(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a range is * or comparisons such as >=1.2 <2, one space between them");
        }
        String minor = form.group(3) == null ? "0" : form.group(3);
        String rest = form.group(4) == null ? "0" : form.group(4);
        return new Comparison(operator(form.group(1)), SemVer.parse(form.group(2) + "." + minor + "." + rest));
    }

    private static Operator operator(String sign) {
        for (Operator each : Operator.values()) {
            if (each.toString().equals(sign)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no comparison " + sign);
    }

    /** Whether a version will do. */
    public boolean contains(SemVer version) {
        return comparisons.stream().allMatch(each -> each.holds(version));
    }

    @Override
    public String toString() {
        return comparisons.isEmpty()
                ? "*"
                : String.join(
                        " ", comparisons.stream().map(Comparison::toString).toList());
    }
}
