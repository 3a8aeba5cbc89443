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
 * since 1970; what is not there is {@code null}. A fleet's rows have {@code vehicles} besides.
 */
public final class MatrixJson {
    /** Vehicles listed by name in a row of a fleet; all of them are counted. */
    private static final int MOST_SHOWN = 20;

    private final JsonGenerator json;

    private MatrixJson(JsonGenerator json) {
        this.json = json;
    }

    /** The document. */
    public static String of(AuditMatrix matrix) {
        return written(json -> json.write(matrix));
    }

    /** The document of a fleet: for each row also on how many vehicles, and the shares of the first of them. */
    public static String of(FleetMatrix matrix) {
        return written(json -> json.write(matrix));
    }

    @FunctionalInterface
    private interface Content {
        void to(MatrixJson json) throws IOException;
    }

    private static String written(Content content) {
        var text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            content.to(new MatrixJson(generator));
        } catch (IOException e) {
            throw new AuditException("the matrix cannot be written as JSON: " + e.getMessage(), e);
        }
        return text.toString();
    }

    private void write(AuditMatrix matrix) throws IOException {
        json.writeStartObject();
        head(matrix);
        json.writeArrayFieldStart("rows");
        for (MatrixRow row : matrix.rows()) {
            json.writeStartObject();
            write(row);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(FleetMatrix matrix) throws IOException {
        json.writeStartObject();
        head(matrix.merged());
        json.writeNumberField("vehicles", matrix.vehicles());
        json.writeArrayFieldStart("rows");
        for (FleetRow row : matrix.rows()) {
            json.writeStartObject();
            write(row.sum());
            shares(row);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void head(AuditMatrix matrix) throws IOException {
        json.writeStringField("origin", matrix.origin());
        json.writeNumberField("entries", matrix.size());
        json.writeArrayFieldStart("apps");
        for (AppView app : matrix.apps()) {
            write(app);
        }
        json.writeEndArray();
    }

    private void shares(FleetRow row) throws IOException {
        json.writeObjectFieldStart("vehicles");
        json.writeNumberField("count", row.vehicles().size());
        json.writeNumberField("granted", row.grantedOn());
        json.writeNumberField("used", row.usedOn());
        json.writeNumberField("denied", row.deniedOn());
        json.writeArrayFieldStart("shown");
        for (VehicleShare share : row.vehicles().stream().limit(MOST_SHOWN).toList()) {
            json.writeStartObject();
            json.writeStringField("vehicle", share.vehicle());
            json.writeStringField("declared", word(share.row().declared()));
            count("used", share.row().used());
            count("limited", share.row().limited());
            count("denied", share.row().denied());
            json.writeNumberField(
                    "last",
                    share.row().touches().stream()
                            .mapToLong(touch -> touch.tally().lastMillis())
                            .max()
                            .orElse(0));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void count(String name, Optional<Tally> tally) throws IOException {
        json.writeNumberField(name, tally.map(Tally::count).orElse(0L));
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
