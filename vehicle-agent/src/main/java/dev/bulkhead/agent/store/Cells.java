package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.manifest.AppId;
import dev.bulkhead.contract.notation.Quote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row, read with suspicion: SQLite lets a cell hold anything. A cell that holds what cannot be reads as empty and is noted. Lives as
 * long as the row is the current one.
 */
final class Cells {
    private static final int LONGEST_QUOTE = 60;

    private final ResultSet row;
    private final String table;
    private final String key;
    private final Optional<String> appId;
    private final List<Damage> damages = new ArrayList<>();

    Cells(ResultSet row, String table) throws SQLException {
        this.row = row;
        this.table = table;
        Object app = row.getObject("app");
        this.key = quoted(row.getObject(1)) + (row.findColumn("app") == 1 ? "" : " of " + quoted(app));
        this.appId = app(app);
        if (appId.isEmpty()) {
            note("app", quoted(app) + " is no app id", Bearing.NOBODY);
        }
    }

    /** The app id that a cell holds, if it holds one. */
    static Optional<String> app(@Nullable Object cell) {
        try {
            return cell instanceof String text ? Optional.of(new AppId(text).text()) : Optional.empty();
        } catch (IllegalArgumentException noAppId) {
            return Optional.empty();
        }
    }

    /** The app the row is about. */
    Optional<String> appId() {
        return appId;
    }

    /** True while nothing was found wrong with the row. */
    boolean sound() {
        return damages.isEmpty();
    }

    List<Damage> damages() {
        return damages;
    }

    /** What is wrong with a single cell says more, so the seal is only looked at where nothing is. */
    boolean sealed(boolean fits, Bearing bearing) {
        if (sound() && !fits) {
            note(Table.SEAL, "it does not fit the row, so any cell of it may have been changed", bearing);
        }
        return fits;
    }

    void note(String column, String what, Bearing bearing) {
        Bearing told = appId.isEmpty() ? Bearing.NOBODY : bearing;
        damages.add(new Damage("agent.db, table " + table + ", row " + key + ", column " + column, what, appId, told));
    }

    /** Text or nothing. */
    Optional<String> text(String column, Bearing bearing) throws SQLException {
        return parsed(column, bearing, Function.identity());
    }

    /** Text that must be there. */
    Optional<String> needed(String column, Bearing bearing) throws SQLException {
        return needed(column, bearing, Function.identity());
    }

    <T> Optional<T> needed(String column, Bearing bearing, Function<String, T> parse) throws SQLException {
        if (row.getObject(column) == null) {
            note(column, "it is empty", bearing);
        }
        return parsed(column, bearing, parse);
    }

    /** What the text means, or nothing; {@code parse} throws IllegalArgumentException at text that means nothing. */
    <T> Optional<T> parsed(String column, Bearing bearing, Function<String, T> parse) throws SQLException {
        Object value = row.getObject(column);
        try {
            if (value instanceof String text) {
                return Optional.of(parse.apply(text));
            }
            if (value != null) {
                note(column, quoted(value) + " stands where text should be", bearing);
            }
        } catch (IllegalArgumentException e) {
            note(column, quoted(value) + " means nothing here: " + e.getMessage(), bearing);
        }
        return Optional.empty();
    }

    /** A release of the row's own app, or nothing. */
    Optional<ReleaseRef> release(String column, Bearing bearing) throws SQLException {
        return parsed(column, bearing, this::own);
    }

    Optional<ReleaseRef> neededRelease(String column, Bearing bearing) throws SQLException {
        return needed(column, bearing, this::own);
    }

    private ReleaseRef own(String text) {
        ReleaseRef release = ReleaseText.parse(text);
        if (appId.filter(release.appId()::equals).isEmpty()) {
            throw new IllegalArgumentException("it is a release of another app");
        }
        return release;
    }

    /** A whole number, at least 0. */
    Optional<Long> count(String column, Bearing bearing) throws SQLException {
        Optional<Long> number = number(column, bearing);
        if (number.filter(found -> found < 0).isPresent()) {
            note(column, number.get() + " is below 0", bearing);
            return Optional.empty();
        }
        return number;
    }

    /** A whole number. */
    Optional<Long> number(String column, Bearing bearing) throws SQLException {
        Object value = row.getObject(column);
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        note(column, quoted(value) + " stands where a whole number should be", bearing);
        return Optional.empty();
    }

    private static String quoted(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        }
        return '"' + Quote.of(value.toString(), LONGEST_QUOTE) + '"';
    }
}
