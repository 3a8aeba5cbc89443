package dev.bulkhead.contract.capability;

import java.util.Locale;

/** Which way messages go, seen from the app. */
public enum Flow {
    PUBLISH,
    SUBSCRIBE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
