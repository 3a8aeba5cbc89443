package dev.bulkhead.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.notation.NearestWord;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.matrix.AppView;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixCsv;
import dev.bulkhead.security.audit.matrix.MatrixJson;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    /** Said instead of calling grants unused that nobody had the time to use. */
    static final String NOTHING_IN_WINDOW = "there are no entries of use or denial in this window";

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
        TouchTable table = source.table(window.fromMillis(), window.toMillis());
        AuditMatrix whole = AuditMatrix.of(table);
        AuditMatrix apps = vendor == null ? ofApp(whole) : ofApp(whole).ofVendor(vendor);
        boolean silent = window.isEmpty(table);
        AuditMatrix matrix = new AuditMatrix(apps.origin(), apps.size(), apps.apps(), silent ? List.of() : rows(apps));
        if (output.isJson()) {
            output.json(document(matrix));
        } else if (csv) {
            MatrixCsv.of(matrix).lines().forEach(output::line);
        } else if (silent) {
            output.line(NOTHING_IN_WINDOW);
        } else {
            print(matrix);
        }
    }

    private AuditMatrix ofApp(AuditMatrix whole) {
        if (app == null) {
            return whole;
        }
        AuditMatrix found = whole.ofApp(app);
        if (found.apps().isEmpty() && found.rows().isEmpty()) {
            Set<String> known =
                    whole.rows().stream().map(MatrixRow::app).collect(Collectors.toCollection(TreeSet::new));
            throw CommandFailure.failed(
                    "no entry of this log is about an app " + app,
                    NearestWord.to(app, known).map(near -> "--app " + near).orElse("bulkhead audit matrix shows all"));
        }
        return found;
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
