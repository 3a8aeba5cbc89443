package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The four programs, native, in V8 and in the sandbox, interleaved; CPU time, medians, the first calls left out. Ratios are taken round by round of calls
 * that follow each other, and their median is given: a machine that shares its cores with others changes its pace within a run, by up to 1.8 times. Each
 * time is the mean of two calls in a row: binary-trees finds its free blocks in one order at every second call and in another between, native code too.
 */
final class ComputeBench {
    /** Calls that are one figure. */
    private static final int CALLS = 2;

    /** Rounds until the JIT has seen each way a program goes, on a machine that is not idle either. */
    private static final int WARM = 6;

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
            rows.add(BenchRow.plain(program.name() + ", metered", BenchRows.median(figures.metered), "ms"));
            rows.add(BenchRow.plain(program.name() + ", unmetered", BenchRows.median(figures.unmetered), "ms"));
            if (!figures.v8.isEmpty()) {
                rows.add(BenchRow.plain(program.name() + ", V8", BenchRows.median(figures.v8), "ms"));
            }
            compared &= !figures.gcc.isEmpty();
            if (!figures.gcc.isEmpty()) {
                double ratio = ratio(figures.metered, figures.gcc);
                rows.add(BenchRow.plain(program.name() + ", gcc -O3", BenchRows.median(figures.gcc), "ms"));
                rows.add(BenchRow.plain(
                        program.name() + ", gcc -O3, slowest / fastest", unsteadiness(figures.gcc), "×"));
                rows.add(BenchRow.atMost(program.name() + ", metered / gcc -O3", ratio, "×", 1.3));
                toNative *= ratio;
            }
            toUnmetered *= ratio(figures.metered, figures.unmetered);
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

    /** The median round's ratio. */
    private static double ratio(List<Double> millis, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < others.size(); round++) {
            ratios.add(millis.get(round) / others.get(round));
        }
        return BenchRows.median(ratios);
    }

    /** How much the machine's pace changed meanwhile: the same native code should take the same time. */
    private static double unsteadiness(List<Double> millis) {
        return Collections.max(millis) / Collections.min(millis);
    }

    /** CPU milliseconds, one for each round but for V8; empty for what is not installed. */
    private static final class Figures {
        private final List<Double> metered = new ArrayList<>();
        private final List<Double> unmetered = new ArrayList<>();
        private final List<Double> gcc = new ArrayList<>();
        private final List<Double> v8 = new ArrayList<>();
    }

    private static Figures measure(BenchPrograms programs, EngineKind engine, Program program, int rounds)
            throws IOException, InterruptedException {
        byte[] wasm = programs.wasm(program.name());
        Budget budget = Budget.unlimitedCpu(BenchGuest.MEMORY);
        Figures figures = new Figures();
        try (BenchGuest with = new BenchGuest(wasm, engine, budget);
                BenchGuest without = new BenchGuest(wasm, EngineKind.UNMETERED, budget)) {
            for (int round = 0; round < WARM + rounds; round++) {
                // the metered call between those it is compared with
                double unmetered = millis(without, program);
                double metered = millis(with, program);
                if (round >= WARM) {
                    figures.unmetered.add(unmetered);
                    figures.metered.add(metered);
                    // the first call also pays for its memory, page by page, which the guest has long had
                    programs.nativeMillis(program.name(), program.argument(), 1 + CALLS).stream()
                            .skip(1)
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .ifPresent(figures.gcc::add);
                    figures.v8.addAll(programs.nodeMillis(program.name(), "run", program.argument(), 3).stream()
                            .skip(1)
                            .toList());
                }
            }
        }
        return figures;
    }

    private static double millis(BenchGuest guest, Program program) throws InterruptedException {
        double sum = 0;
        for (int call = 0; call < CALLS; call++) {
            sum += guest.cpuMillis("run", program.argument());
        }
        return sum / CALLS;
    }
}
