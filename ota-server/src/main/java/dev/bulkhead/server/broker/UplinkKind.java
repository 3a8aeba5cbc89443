package dev.bulkhead.server.broker;

import java.util.Locale;
import java.util.Optional;

/** What a vehicle may say: the last level of its {@code up/} topics (design of the transport, topics). */
public enum UplinkKind {
    HELLO,
    MANIFEST,
    BLOCKS,
    PROGRESS,
    AUDIT,
    HEALTH;

    private final String level = name().toLowerCase(Locale.ROOT);

    /** The topic level, for example {@code hello}. */
    public String level() {
        return level;
    }

    static Optional<UplinkKind> ofLevel(String level) {
        for (UplinkKind kind : values()) {
            if (kind.level.equals(level)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
