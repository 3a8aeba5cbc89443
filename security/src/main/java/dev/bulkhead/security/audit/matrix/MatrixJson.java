package dev.bulkhead.security.audit.matrix;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.Tally;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The matrix as one JSON document: {@code origin}, {@code entries}, {@code apps}, {@code rows}. Times are milliseconds
 * since 1970; what is not there is {@code null}.
 */
public final class MatrixJson {
    private final JsonGenerator json;

    private MatrixJson(JsonGenerator json) {
        this.json = json;
    }

    /** The document. */
    public static String of(AuditMatrix matrix) {
        var text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            new MatrixJson(generator).write(matrix);
        } catch (IOException e) {
            throw new AuditException("the matrix cannot be written as JSON: " + e.getMessage(), e);
        }
        return text.toString();
    }

    private void write(AuditMatrix matrix) throws IOException {
        json.writeStartObject();
        json.writeStringField("origin", matrix.origin());
        json.writeNumberField("entries", matrix.size());
        json.writeArrayFieldStart("apps");
        for (AppView app : matrix.apps()) {
            write(app);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
        for (MatrixRow row : matrix.rows()) {
            write(row);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(AppView app) throws IOException {
        json.writeStartObject();
        json.writeStringField("app", app.app());
        json.writeStringField("version", app.version());
        json.writeStringField("vendor", app.vendor());
        json.writeNumberField("declaredAt", app.declaredAtMillis());
        json.writeNumberField("policyEpoch", app.policyEpoch());
        strings("imports", app.imports());
        strings("undeclaredImports", app.undeclaredImports());
        touches("budgets", app.budgets());
        json.writeEndObject();
    }

    private void write(MatrixRow row) throws IOException {
        json.writeStartObject();
        json.writeStringField("app", row.app());
        json.writeStringField("version", row.version());
        json.writeStringField("vendor", row.vendor());
        json.writeStringField("capability", row.capability());
        json.writeStringField("declared", word(row.declared()));
        json.writeStringField("reason", row.reason());
        strings("effective", row.effective());
        json.writeStringField("rule", row.rule());
        json.writeStringField("why", row.why());
        tally("used", row.used());
        tally("limited", row.limited());
        tally("denied", row.denied());
        tally("failsafes", row.failsafes());
        json.writeBooleanField("overPrivileged", row.isOverPrivileged());
        if (row.nearLimit().isPresent()) {
            json.writeStringField("nearLimit", row.nearLimit().get());
        } else {
            json.writeNullField("nearLimit");
        }
        touches("touches", row.touches());
        json.writeEndObject();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void strings(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private void touches(String name, List<MatrixTouch> touches) throws IOException {
        json.writeArrayFieldStart(name);
        for (MatrixTouch touch : touches) {
            json.writeStartObject();
            json.writeStringField("kind", word(touch.kind()));
            json.writeStringField("access", touch.access());
            json.writeStringField("rule", touch.rule());
            fields(touch.tally());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void tally(String name, Optional<Tally> tally) throws IOException {
        if (tally.isEmpty()) {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        fields(tally.get());
        json.writeEndObject();
    }

    private void fields(Tally tally) throws IOException {
        json.writeNumberField("count", tally.count());
        json.writeNumberField("bytes", tally.bytes());
        json.writeNumberField("first", tally.firstMillis());
        json.writeNumberField("last", tally.lastMillis());
        json.writeNumberField("firstEntry", tally.firstIndex());
        json.writeNumberField("lastEntry", tally.lastIndex());
        number("least", tally.least());
        number("greatest", tally.greatest());
        json.writeNumberField("peakPerSecond", tally.peakPerSecond());
    }

    private void number(String name, OptionalDouble value) throws IOException {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            json.writeNumberField(name, value.getAsDouble());
        } else {
            json.writeNullField(name);
        }
    }
}
