package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A dot product and a blur with vector instructions, against the same program without, gcc -O3 and V8; interleaved, CPU time, medians. */
final class SimdBench {
    private static final int WARM = 4;

    private record Program(String name, long argument) {
        String vectors() {
            return name + "-simd";
        }
    }

    private static final List<Program> PROGRAMS = List.of(new Program("dot", 20_000), new Program("blur", 500));

    private SimdBench() {}

    static List<BenchRow> run(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        for (Program program : PROGRAMS) {
            measure(programs, program, rounds, rows);
        }
        return rows;
    }

    private static void measure(BenchPrograms programs, Program program, int rounds, List<BenchRow> rows)
            throws IOException, InterruptedException {
        List<Double> vectors = new ArrayList<>();
        List<Double> scalar = new ArrayList<>();
        List<Double> gcc = new ArrayList<>();
        List<Double> v8 = new ArrayList<>();
        Budget budget = Budget.unlimitedCpu(BenchGuest.MEMORY);
        try (BenchGuest with = new BenchGuest(programs.wasm(program.vectors()), EngineKind.BULKHEAD, budget);
                BenchGuest without = new BenchGuest(programs.wasm(program.name()), EngineKind.BULKHEAD, budget)) {
            for (int round = 0; round < WARM + rounds; round++) {
                double a = with.cpuMillis("run", program.argument());
                double b = without.cpuMillis("run", program.argument());
                if (round >= WARM) {
                    vectors.add(a);
                    scalar.add(b);
                    gcc.addAll(programs.nativeMillis(program.name(), program.argument(), 1));
                    v8.addAll(programs.nodeMillis(program.vectors(), "run", program.argument(), 3).stream()
                            .skip(1)
                            .toList());
                }
            }
        }
        rows(program.name(), vectors, scalar, gcc, v8, rows);
    }

    private static void rows(
            String name,
            List<Double> vectors,
            List<Double> scalar,
            List<Double> gcc,
            List<Double> v8,
            List<BenchRow> rows) {
        double ours = BenchRows.median(vectors);
        rows.add(BenchRow.plain(name + ", SIMD", ours, "ms"));
        rows.add(BenchRow.plain(name + ", scalar", BenchRows.median(scalar), "ms"));
        rows.add(BenchRow.plain(name + ", SIMD / scalar", ours / BenchRows.median(scalar), "×"));
        if (!gcc.isEmpty()) {
            rows.add(BenchRow.plain(name + ", gcc -O3", BenchRows.median(gcc), "ms"));
            rows.add(BenchRow.plain(name + ", SIMD / gcc -O3", ours / BenchRows.median(gcc), "×"));
        }
        if (!v8.isEmpty()) {
            rows.add(BenchRow.plain(name + ", V8 with SIMD", BenchRows.median(v8), "ms"));
        }
    }
}
