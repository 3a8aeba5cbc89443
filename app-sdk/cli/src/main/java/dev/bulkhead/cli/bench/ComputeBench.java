package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The four programs, native, in V8 and in the sandbox, interleaved; CPU time, medians, the first calls left out. */
final class ComputeBench {
    /** Calls until the JIT has seen each way a program goes, on a machine that is not idle either. */
    private static final int WARM = 12;

    private record Program(String name, long argument) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("binary-trees", 17),
            new Program("fannkuch-redux", 9),
            new Program("mandelbrot", 1_000),
            new Program("n-body", 1_000_000));

    private ComputeBench() {}

    static List<BenchRow> run(BenchPrograms programs, EngineKind engine, int rounds)
            throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        double toNative = 1;
        double toUnmetered = 1;
        boolean compared = true;
        for (Program program : PROGRAMS) {
            Figures figures = measure(programs, engine, program, rounds);
            rows.add(BenchRow.plain(program.name() + ", metered", figures.metered(), "ms"));
            rows.add(BenchRow.plain(program.name() + ", unmetered", figures.unmetered(), "ms"));
            if (figures.v8() > 0) {
                rows.add(BenchRow.plain(program.name() + ", V8", figures.v8(), "ms"));
            }
            compared &= figures.gcc() > 0;
            if (figures.gcc() > 0) {
                double ratio = figures.metered() / figures.gcc();
                rows.add(BenchRow.plain(program.name() + ", gcc -O3", figures.gcc(), "ms"));
                rows.add(BenchRow.atMost(program.name() + ", metered / gcc -O3", ratio, "×", 1.3));
                toNative *= ratio;
            }
            toUnmetered *= figures.metered() / figures.unmetered();
        }
        if (compared) {
            rows.add(BenchRow.atMost("metered / gcc -O3, geometric mean", root(toNative), "×", 1.10));
        }
        rows.add(BenchRow.atMost("metered / unmetered, geometric mean", root(toUnmetered), "×", 1.04));
        return rows;
    }

    private static double root(double product) {
        return Math.pow(product, 1.0 / PROGRAMS.size());
    }

    /** Medians in milliseconds; 0 for what is not installed. */
    private record Figures(double metered, double unmetered, double gcc, double v8) {}

    private static Figures measure(BenchPrograms programs, EngineKind engine, Program program, int rounds)
            throws IOException, InterruptedException {
        byte[] wasm = programs.wasm(program.name());
        Budget budget = Budget.unlimitedCpu(BenchGuest.MEMORY);
        List<Double> metered = new ArrayList<>();
        List<Double> unmetered = new ArrayList<>();
        List<Double> gcc = new ArrayList<>();
        List<Double> v8 = new ArrayList<>();
        try (BenchGuest with = new BenchGuest(wasm, engine, budget);
                BenchGuest without = new BenchGuest(wasm, EngineKind.UNMETERED, budget)) {
            for (int round = 0; round < WARM + rounds; round++) {
                double a = with.cpuMillis("run", program.argument());
                double b = without.cpuMillis("run", program.argument());
                if (round >= WARM) {
                    metered.add(a);
                    unmetered.add(b);
                    gcc.addAll(programs.nativeMillis(program.name(), program.argument(), 1));
                    v8.addAll(programs.nodeMillis(program.name(), "run", program.argument(), 3).stream()
                            .skip(1)
                            .toList());
                }
            }
        }
        return new Figures(
                BenchRows.median(metered),
                BenchRows.median(unmetered),
                gcc.isEmpty() ? 0 : BenchRows.median(gcc),
                v8.isEmpty() ? 0 : BenchRows.median(v8));
    }
}
