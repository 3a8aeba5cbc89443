package dev.bulkhead.security.audit.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The matrix as one self-contained HTML page: a sortable heat map of capability × app with drill-down. Nothing is
 * fetched from anywhere, and a content security policy in the page sees to that. All text of the log is inserted by the
 * script as text, never as markup.
 */
public final class MatrixPage {
    private MatrixPage() {}

    /**
     * The page.
     *
     * @param note a line below the heading: when it was made, whether the log was verified
     * @param entries a JSON object of log entries by their index: what a click on an entry's number shows
     */
    public static String of(AuditMatrix matrix, String note, String entries) {
        return page(MatrixJson.of(matrix), note, entries);
    }

    /** The page of a fleet: a cell also says on how many vehicles, and on which. */
    public static String of(FleetMatrix matrix, String note) {
        return page(MatrixJson.of(matrix), note, "{}");
    }

    /** The page of a matrix that {@link MatrixJson} wrote elsewhere; anything else than JSON makes a page that shows nothing. */
    public static String ofJson(String matrix, String note) {
        return page(matrix, note, "{}");
    }

    private static String page(String matrix, String note, String entries) {
        String data = "{\"note\":" + quote(note) + ",\"matrix\":" + matrix + ",\"entries\":" + entries + "}";
        return resource("audit-matrix.html")
                .replace("\"@STYLE@\"", style())
                .replace("\"@SCRIPT@\"", script())
                .replace("\"@DATA@\"", forScript(data));
    }

    /** What draws the heat map: {@code auditHeat(element, drill).show(matrix)}. The server's console uses it too. */
    public static String script() {
        return resource("audit-heat.js");
    }

    /** How the heat map looks. */
    public static String style() {
        return resource("audit-heat.css");
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
    }

    /** JSON that may stand between script tags: no markup can begin in it. */
    static String forScript(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String resource(String name) {
        try (InputStream in = MatrixPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar lacks " + name, e);
        }
    }
}
