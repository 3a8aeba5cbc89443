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
    private static final String PAGE = "audit-matrix.html";
    private static final String PLACE = "\"@DATA@\"";

    private MatrixPage() {}

    /**
     * The page.
     *
     * @param note a line below the heading: when it was made, whether the log was verified
     */
    public static String of(AuditMatrix matrix, String note) {
        String data = "{\"note\":" + quote(note) + ",\"matrix\":" + MatrixJson.of(matrix) + "}";
        return template().replace(PLACE, forScript(data));
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

    private static String template() {
        try (InputStream in = MatrixPage.class.getResourceAsStream(PAGE)) {
            return new String(Objects.requireNonNull(in, PAGE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar lacks " + PAGE, e);
        }
    }
}
