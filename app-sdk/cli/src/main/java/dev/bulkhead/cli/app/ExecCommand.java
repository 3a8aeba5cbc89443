package dev.bulkhead.cli.app;

import dev.bulkhead.agent.exec.ExecException;
import dev.bulkhead.agent.exec.ExecOutput;
import dev.bulkhead.agent.exec.ExecReport;
import dev.bulkhead.agent.exec.ExecRequest;
import dev.bulkhead.agent.exec.ExecRunner;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.EngineName;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Ranges;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.PackageLimits;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead exec}: one export of one module, in the sandbox. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Run an export of any module that needs no imports, or only WASI, in the sandbox.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:it returned",
            "3:it trapped",
            "4:it was killed for breaking its budget",
            "5:it was not admitted"
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead exec fib.wasm --invoke fib 30",
            "  bulkhead exec loop.wasm --invoke spin --cpu 500ms",
            "  bulkhead exec reader.wasm --assets app/assets",
            "  bulkhead exec kernel.wasm --invoke run --repeat 10 --engine plain",
            "  bulkhead exec kernel.wasm --invoke run --repeat 10 --unmetered --json"
        })
public final class ExecCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "FILE", description = "A WebAssembly module.")
    private Path file;

    @Parameters(
            index = "1..*",
            paramLabel = "ARGS",
            description = "One for each parameter: decimal or 0x; negative numbers after --.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--invoke",
            paramLabel = "NAME",
            defaultValue = "_start",
            description = "The export to call (default: ${DEFAULT-VALUE}).")
    private String function = "_start";

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Call it N times in one instance (default: ${DEFAULT-VALUE}).")
    private int repeat = 1;

    @Mixin
    private ExecBudget budget;

    @Option(
            names = "--assets",
            paramLabel = "PATH",
            description = "What it finds as /assets, to be read: a folder, or an archive (tar+zstd).")
    private @Nullable Path assets;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "bulkhead",
            description = "bulkhead, or for comparison plain: metered the same, one method a function.")
    private String engine = "bulkhead";

    @Option(
            names = "--unmetered",
            description = "Compile without metering, for comparison; CPU limits do not hold then.")
    private boolean unmetered;

    @Override
    public Integer call() throws InterruptedException {
        Ranges.check("--repeat", repeat, 1, Integer.MAX_VALUE);
        byte[] module = PackageFile.bytes(file, PackageLimits.STANDARD.moduleBytes());
        ExecReport report = run(module, request());
        if (output.isJson()) {
            output.json(document(report));
        } else {
            print(report);
        }
        return exitCode(report).status();
    }

    private ExecRequest request() {
        Budget limits = budget.toBudget();
        Optional<Assets> files =
                Optional.ofNullable(assets).map(path -> new AssetSource(path).unpacked(limits.memoryBytes()));
        return new ExecRequest(function, arguments, repeat, limits, engine(), files);
    }

    private EngineKind engine() {
        EngineKind named = EngineName.parse(engine, "bulkhead exec --help");
        return unmetered ? EngineKind.UNMETERED : named;
    }

    private ExecReport run(byte[] module, ExecRequest request) throws InterruptedException {
        ExecRunner runner =
                new ExecRunner(() -> System.currentTimeMillis() * 1_000_000, System::nanoTime, new SecureRandom());
        try {
            return runner.run(module, request, guestOutput());
        } catch (AdmissionException e) {
            throw CommandFailure.refused(file + ": not admitted: " + e.getMessage(), "");
        } catch (ExecException | IllegalArgumentException e) {
            throw CommandFailure.usage(file + ": " + e.getMessage(), "bulkhead exec --help");
        }
    }

    /** The guest's own output stays apart from the document: with --json it goes to standard error. */
    private ExecOutput guestOutput() {
        return (stream, bytes) -> {
            var target = stream == 1 && !output.isJson() ? System.out : System.err;
            target.write(bytes, 0, bytes.length);
            target.flush();
        };
    }

    private void print(ExecReport report) {
        report.results().forEach(output::line);
        String cpu = String.format(Locale.ROOT, "%.3f", median(report.cpuMillis()));
        output.note("cpu " + cpu + " ms" + (repeat > 1 ? " (median of " + repeat + ")" : "") + ", fuel "
                + report.fuel().getLast() + ", memory " + Quantity.bytes(report.memoryBytes()));
        if (report.state() != ExecReport.State.OK) {
            String where = report.where().isEmpty() ? "" : " in " + report.where();
            output.note(output.paint(Style.BAD, report.state() + ": " + report.cause()) + where);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Map<String, Object> document(ExecReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "results", report.results().stream().map(ExecCommand::number).toList());
        document.put("cpuMs", report.cpuMillis());
        document.put("fuel", report.fuel());
        document.put("memoryBytes", report.memoryBytes());
        document.put("state", report.state().toString());
        document.put("cause", report.cause());
        document.put("where", report.where());
        return document;
    }

    /** A number as a number; what JSON has no number for (NaN, infinities, vectors) as text. */
    private static Object number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static ExitCode exitCode(ExecReport report) {
        return switch (report.state()) {
            case OK -> ExitCode.OK;
            case TRAP -> ExitCode.TRAP;
            case KILLED -> ExitCode.KILLED;
        };
    }
}
