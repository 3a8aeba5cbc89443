package dev.bulkhead.server.broker;

import java.util.Locale;

/** What is said to one vehicle: the last level of its {@code dn/} topics. */
public enum DownlinkKind {
    WAKE,
    DIRECTOR,
    BLOCK,
    COMMAND;

    private final String level = name().toLowerCase(Locale.ROOT);

    /** The topic level, for example {@code wake}. */
    public String level() {
        return level;
    }
}
