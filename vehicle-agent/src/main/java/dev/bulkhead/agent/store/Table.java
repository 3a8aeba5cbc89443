package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import java.util.List;
import java.util.Locale;

/** The tables of {@code agent.db}. Each row is about an app and carries a seal over its other cells as its last. */
enum Table {
    SLOT(Bearing.COMPANY, "app"),
    DEFERRED(Bearing.ASKED, "app number"),
    CONFIG(Bearing.ASKED, "app key"),
    RELEASE(Bearing.PACKAGE, "digest"),
    REPORT(Bearing.TOLD, "app"),
    FLOOR(Bearing.TOLD, "app"),
    LAST_WORDS(Bearing.TOLD, "app number");

    static final String SEAL = "seal";

    private final Bearing broken;
    private final String keys;

    /**
     * A table.
     *
     * @param broken what follows when a row's seal does not fit: any of its cells may be wrong
     * @param keys columns of its primary key, a space between them
     */
    Table(Bearing broken, String keys) {
        this.broken = broken;
        this.keys = keys;
    }

    String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    Bearing broken() {
        return broken;
    }

    /** Columns of the primary key. */
    List<String> keys() {
        return List.of(keys.split(" ", -1));
    }

    /** A condition for one row by its keys, whatever they hold. */
    String byKeys() {
        return String.join(" IS ? AND ", keys()) + " IS ?";
    }
}
