package dev.bulkhead.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether a program is as fast in one process as in the next: what the JIT saw first must not decide for good. Native code is started beside it, which has
 * nothing to decide: how far its starts lie apart is the machine's doing.
 */
final class StartsBench {
    private static final List<String> LEVELS = List.of("", "-O0", "-O1", "-Oz");
    private static final double AIM = 1.15;

    private record Program(String name, long argument) {}

    /** Some hundred milliseconds a call, so that the first call has everything compiled. */
    private static final List<Program> PROGRAMS = List.of(
            new Program("binary-trees", 18),
            new Program("fannkuch-redux", 10),
            new Program("mandelbrot", 2_400),
            new Program("n-body", 5_000_000));

    private StartsBench() {}

    static List<BenchRow> run(BenchPrograms programs, int starts, int rounds) throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        for (Program program : PROGRAMS) {
            for (String level : LEVELS) {
                String build = program.name() + (level.isEmpty() ? " -O3" : " " + level);
                Path module = programs.file(program.name() + level + ".wasm");
                List<Double> millis = new ArrayList<>();
                List<Double> gcc = new ArrayList<>();
                for (int start = 0; start < starts; start++) {
                    millis.add(start(module, program.argument(), rounds));
                    List<Double> calls = programs.nativeMillis(program.name(), program.argument(), rounds + 1);
                    if (!calls.isEmpty()) {
                        gcc.add(afterTheFirst(calls));
                    }
                }
                rows.add(BenchRow.plain(build + ", fastest of " + starts + " starts", Collections.min(millis), "ms"));
                rows.add(BenchRow.atMost(build + ", slowest / fastest", spread(millis), "×", AIM));
                if (!gcc.isEmpty()) {
                    rows.add(BenchRow.plain(build + ", gcc -O3 meanwhile, slowest / fastest", spread(gcc), "×"));
                }
            }
        }
        return rows;
    }

    private static double spread(List<Double> millis) {
        return Collections.max(millis) / Collections.min(millis);
    }

    private static double afterTheFirst(List<Double> calls) {
        return BenchRows.median(calls.subList(1, calls.size()));
    }

    /** CPU milliseconds of a call in a process of its own, median of those after the first. */
    private static double start(Path module, long argument, int rounds) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("bulkhead.home", "."));
        List<String> lines = BenchPrograms.output(List.of(
                "env",
                "BULKHEAD_NO_BUILD=1",
                home.resolve("bulkhead").toString(),
                "exec",
                module.toString(),
                Long.toString(argument),
                "--invoke",
                "run",
                "--repeat",
                Integer.toString(rounds + 1),
                "--memory",
                "256MiB",
                "--json"));
        if (lines.isEmpty()) {
            throw new IOException("bulkhead exec " + module.getFileName() + " failed when started anew");
        }
        List<Double> calls = new ArrayList<>();
        JsonNode report = new ObjectMapper().readTree(String.join("\n", lines));
        report.path("cpuMs").forEach(call -> calls.add(call.asDouble()));
        return afterTheFirst(calls);
    }
}
