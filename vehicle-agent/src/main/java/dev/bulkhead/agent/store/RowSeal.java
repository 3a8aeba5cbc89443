package dev.bulkhead.agent.store;

import dev.bulkhead.agent.sandbox.Hmac;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HMAC-SHA-256 over all cells of a row and the name of its table, under a secret of this installation: a cell that was changed by anybody but the agent
 * is noticed, however plausible. That a row is gone, or is an earlier one, it does not show. Immutable.
 */
public final class RowSeal {
    private final byte[] secret;

    private RowSeal(byte[] secret) {
        this.secret = secret;
    }

    /** @param secret known to this installation alone, and the same for as long as its store is used */
    public static RowSeal with(byte[] secret) {
        return new RowSeal(secret.clone());
    }

    /** Over cells in the order of their columns: text, whole numbers, bytes or nothing. */
    byte[] over(Table table, List<@Nullable Object> cells) {
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        add(row, 'T', table.sqlName().getBytes(StandardCharsets.UTF_8));
        cells.forEach(cell -> add(row, cell));
        return Hmac.sha256(secret, row.toByteArray());
    }

    private static void add(ByteArrayOutputStream row, @Nullable Object cell) {
        switch (cell) {
            case null -> add(row, 'n', new byte[0]);
            case byte[] bytes -> add(row, 'b', bytes);
            case Long number -> add(row, 'i', bits(number));
            case Integer number -> add(row, 'i', bits(number.longValue()));
            case Double number -> add(row, 'd', bits(Double.doubleToLongBits(number)));
            case Object text -> add(row, 't', text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] bits(long bits) {
        return ByteBuffer.allocate(Long.BYTES).putLong(bits).array();
    }

    private static void add(ByteArrayOutputStream row, char kind, byte[] content) {
        row.write(kind);
        row.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
        row.writeBytes(content);
    }

    /** Whether the current row is as the agent left it. */
    boolean fits(Table table, ResultSet row) throws SQLException {
        return row.getObject(Table.SEAL) instanceof byte[] seal && MessageDigest.isEqual(seal, over(table, cells(row)));
    }

    /** All cells of the current row but the seal. */
    static List<@Nullable Object> cells(ResultSet row) throws SQLException {
        int seal = row.findColumn(Table.SEAL);
        List<@Nullable Object> cells = new ArrayList<>();
        for (int column = 1; column < seal; column++) {
            cells.add(row.getObject(column));
        }
        return cells;
    }
}
