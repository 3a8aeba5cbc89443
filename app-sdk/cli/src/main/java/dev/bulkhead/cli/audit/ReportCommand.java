package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixPage;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit report}: what an auditor reads first. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Report over-privileged apps, undeclared imports, use near a limit and the most denied.",
        footer = {"", "Examples:", "  bulkhead audit report", "  bulkhead audit report --html audit.html"})
final class ReportCommand implements Runnable {
    private static final int MOST_DENIED = 20;

    @Mixin
    private AuditSource source;

    @Mixin
    private TimeWindow window;

    @Mixin
    private Output output;

    @Option(names = "--html", paramLabel = "FILE", description = "Write one self-contained page with the heat map.")
    private @Nullable Path page;

    @Override
    public void run() {
        TouchTable table = source.table(window.fromMillis(), window.toMillis());
        AuditMatrix all = AuditMatrix.of(table);
        boolean silent = window.isEmpty(table);
        AuditMatrix matrix = silent ? new AuditMatrix(all.origin(), all.size(), all.apps(), List.of()) : all;
        if (page != null) {
            String note = source.isExport() ? "Made from a verified export." : "Made from the vehicle's own log.";
            write(page, MatrixPage.of(matrix, note, new BehindTouches(matrix).read(source)));
        }
        if (output.isJson()) {
            output.json(document(matrix));
            return;
        }
        if (silent) {
            output.line(MatrixCommand.NOTHING_IN_WINDOW);
            return;
        }
        section("Over-privileged: granted, never used", matrix.overPrivileged());
        section("Near a limit", matrix.nearLimit());
        section("Most denied", matrix.mostDenied(MOST_DENIED));
        output.line("Undeclared imports");
        matrix.undeclaredImports()
                .forEach(app -> output.line(
                        "  " + app.app() + " " + app.version() + ": " + String.join(", ", app.undeclaredImports())));
        if (matrix.undeclaredImports().isEmpty()) {
            output.line("  none");
        }
        if (page != null) {
            output.line("the page is " + page.toAbsolutePath());
        }
    }

    private void section(String title, List<MatrixRow> rows) {
        output.line(title);
        if (rows.isEmpty()) {
            output.line("  none");
        } else {
            output.table(Rows.table(rows));
        }
        output.line("");
    }

    private static Map<String, Object> document(AuditMatrix matrix) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("origin", matrix.origin());
        document.put("entries", matrix.size());
        document.put("overPrivileged", rows(matrix, matrix.overPrivileged()));
        document.put("nearLimit", rows(matrix, matrix.nearLimit()));
        document.put("mostDenied", rows(matrix, matrix.mostDenied(MOST_DENIED)));
        document.put(
                "undeclaredImports",
                MatrixCommand.document(
                        new AuditMatrix(matrix.origin(), matrix.size(), matrix.undeclaredImports(), List.of())));
        return document;
    }

    private static Object rows(AuditMatrix matrix, List<MatrixRow> rows) {
        return MatrixCommand.document(new AuditMatrix(matrix.origin(), matrix.size(), List.of(), rows));
    }

    private static void write(Path file, String html) {
        try {
            Files.writeString(file, html);
        } catch (IOException e) {
            throw FileFault.unwritten(file, e, "check the path");
        }
    }
}
