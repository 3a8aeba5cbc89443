package dev.bulkhead.agent.store;

import static dev.bulkhead.agent.host.KeyValueStore.ENTRY_COST;

import dev.bulkhead.contract.notation.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cells of {@code kv.db} of a kind that the agent never writes there. One that holds a value concerns its key alone. */
final class KeyValueDamage {
    private static final int LONGEST_QUOTE = 40;
    private static final String COUNTED = "SELECT typeof(bytes) = 'integer' AND bytes >= 0 FROM account WHERE app = ?";
    private static final String NAMELESS = "SELECT 1 FROM entry WHERE app = ? AND key < x'' LIMIT 1";
    private static final String COUNT_ANEW =
            "UPDATE account SET bytes = (SELECT coalesce(sum(octet_length(key) + octet_length(value) + ?), 0) FROM"
                    + " entry WHERE app = ?) WHERE app = ?";

    private KeyValueDamage() {}

    /**
     * The bytes of a value.
     *
     * @throws StoreException naming the entry, when they are none
     */
    static byte[] bytes(@Nullable Object cell, String appId, byte[] key) {
        if (cell instanceof byte[] bytes) {
            return bytes;
        }
        throw new StoreException("kv.db, table entry, app " + appId + ", key \"" + quoted(key) + "\": " + kind(cell)
                + " stands where bytes should be; write or delete the entry");
    }

    /**
     * The release that data are remembered for.
     *
     * @throws StoreException naming the row, when it is no text
     */
    static String release(@Nullable Object cell, String appId) {
        if (cell instanceof String text) {
            return text;
        }
        throw new StoreException("kv.db, table kept, app " + appId + ": " + kind(cell)
                + " stands where a release should be; its data stay as they are");
    }

    private static String kind(@Nullable Object cell) {
        return switch (cell) {
            case null -> "nothing";
            case Number number -> "a number";
            case byte[] bytes -> bytes.length + " bytes";
            case Object text -> "text";
        };
    }

    private static String quoted(byte[] key) {
        return Quote.of(new String(key, StandardCharsets.UTF_8), LONGEST_QUOTE);
    }

    /**
     * Deletes entries whose key is no bytes, which sort before all others and which nobody can name, and counts anew what such apps, and those whose sum is
     * none, have stored. Reads two rows an app where nothing is wrong.
     *
     * @return what was found
     */
    static List<String> mend(SqliteFile file) {
        List<String> found = new ArrayList<>();
        for (String app : file.list("SELECT app FROM account", row -> String.valueOf(row.getString(1)))) {
            boolean counted = file.read(COUNTED, row -> row.getBoolean(1), app).orElse(false);
            boolean named = file.read(NAMELESS, row -> 1, app).isEmpty();
            if (!counted || !named) {
                String what = named
                        ? "its sum is no number; its entries are counted anew"
                        : "keys that are no bytes; those entries are deleted";
                found.add("kv.db, app " + app + ": " + what + mended(file, app));
            }
        }
        return List.copyOf(found);
    }

    private static String mended(SqliteFile file, String app) {
        try {
            file.write(sql -> {
                sql.run("DELETE FROM entry WHERE app = ? AND key < x''", app);
                return sql.run(COUNT_ANEW, ENTRY_COST, app, app);
            });
            return "";
        } catch (StoreException e) {
            return ", once that can be written: " + e.getMessage();
        }
    }
}
