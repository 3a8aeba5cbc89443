package dev.bulkhead.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.audit.matrix.AppView;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixCsv;
import dev.bulkhead.security.audit.matrix.MatrixJson;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit matrix}: declared, used and denied for each app and capability. */
@Command(
        name = "matrix",
        mixinStandardHelpOptions = true,
        description = "Show what each app may touch, did touch and tried to touch.",
        footer = {
            "",
            "Examples:",
            "  bulkhead audit matrix --app com.polar.climate",
            "  bulkhead audit matrix --only denied"
        })
final class MatrixCommand implements Runnable {
    /** A report drawn from the matrix. */
    enum Only {
        all,
        overprivileged,
        nearlimit,
        denied,
        undeclared
    }

    @Mixin
    private AuditSource source;

    @Mixin
    private TimeWindow window;

    @Mixin
    private Output output;

    @Option(names = "--app", paramLabel = "ID", description = "Only this app.")
    private @Nullable String app;

    @Option(names = "--vendor", paramLabel = "NAME", description = "Only this vendor's apps.")
    private @Nullable String vendor;

    @Option(
            names = "--only",
            paramLabel = "REPORT",
            defaultValue = "all",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Only only = Only.all;

    @Option(names = "--csv", description = "Print the rows as CSV.")
    private boolean csv;

    @Override
    public void run() {
        AuditMatrix whole = AuditMatrix.of(source.table(window.fromMillis(), window.toMillis()));
        AuditMatrix apps = vendor == null ? ofApp(whole) : ofApp(whole).ofVendor(vendor);
        AuditMatrix matrix = new AuditMatrix(apps.origin(), apps.size(), apps.apps(), rows(apps));
        if (output.isJson()) {
            output.json(document(matrix));
        } else if (csv) {
            MatrixCsv.of(matrix).lines().forEach(output::line);
        } else {
            print(matrix);
        }
    }

    private AuditMatrix ofApp(AuditMatrix whole) {
        return app == null ? whole : whole.ofApp(app);
    }

    private List<MatrixRow> rows(AuditMatrix matrix) {
        return switch (only) {
            case all -> matrix.rows();
            case overprivileged -> matrix.overPrivileged();
            case nearlimit -> matrix.nearLimit();
            case denied -> matrix.mostDenied(Integer.MAX_VALUE);
            case undeclared -> matrix.notRequested();
        };
    }

    static Object document(AuditMatrix matrix) {
        try {
            return new ObjectMapper().readTree(MatrixJson.of(matrix));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(AuditMatrix matrix) {
        if (matrix.rows().isEmpty()) {
            output.line("nothing of that kind in " + matrix.size() + " log entries");
            return;
        }
        output.table(Rows.table(matrix.rows()));
        for (AppView view : matrix.apps()) {
            view.budgets()
                    .forEach(b -> output.line(view.app() + " " + view.version() + " exceeded its " + b.access()
                            + " budget " + b.tally().count() + " times: " + b.rule()));
            if (!view.undeclaredImports().isEmpty()) {
                output.line(view.app() + " " + view.version() + " imports without asking for it: "
                        + String.join(", ", view.undeclaredImports()));
            }
        }
        output.line(matrix.origin() + ": " + matrix.size() + " log entries");
    }
}
