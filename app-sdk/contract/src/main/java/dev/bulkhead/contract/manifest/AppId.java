package dev.bulkhead.contract.manifest;

import java.util.regex.Pattern;

/** An app's name in reverse DNS: two or more labels of lower-case letters, digits and inner hyphens; 3..128 characters. */
public record AppId(String text) implements Comparable<AppId> {
    private static final Pattern FORM =
            Pattern.compile("[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+");

    /** @throws IllegalArgumentException saying what an id looks like */
    public AppId {
        if (text.length() < 3 || text.length() > 128 || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an app id is reverse DNS in lower case, such as com.acme.climate (3..128 characters)");
        }
    }

    /** Whether the id is the prefix or lies beneath it, at a label's border: {@code com.acme} owns {@code com.acme.climate}. */
    public boolean isUnder(String prefix) {
        return text.equals(prefix) || text.startsWith(prefix + ".");
    }

    @Override
    public int compareTo(AppId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
