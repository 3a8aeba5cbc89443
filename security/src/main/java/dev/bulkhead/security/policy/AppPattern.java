package dev.bulkhead.security.policy;

import java.util.regex.Pattern;

/**
 * Which apps a rule is about: an id ({@code com.polar.climate}), everything below a prefix ({@code com.polar.*}), or all
 * ({@code *}).
 */
public record AppPattern(String text) {
    private static final Pattern VALID =
            Pattern.compile("\\*|[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*(\\.\\*)?", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 255;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public AppPattern {
        if (text.length() > LONGEST || !VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an app id, a prefix like com.acme.*, or * for all apps");
        }
    }

    /** Whether the app is meant. */
    public boolean matches(String appId) {
        if (text.equals("*")) {
            return true;
        }
        if (text.endsWith(".*")) {
            return appId.length() >= text.length() && appId.startsWith(text.substring(0, text.length() - 1));
        }
        return text.equals(appId);
    }
}
