package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A dot product and a blur with vector instructions, against the same program without, gcc -O3 and V8; interleaved, CPU time, medians. What the first call
 * costs stands beside them: until the JIT has compiled it, each vector instruction is a call of the JDK's that makes an object.
 */
final class SimdBench {
    /** Calls until all of it is compiled, what runs once a call, too: blur fills its picture in code of eight methods. */
    private static final int WARM = 120;

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
            double first = with.cpuMillis("run", program.argument());
            rows.add(BenchRow.plain(program.name() + ", SIMD, first call", first, "ms"));
            for (int call = 0; call < WARM; call++) {
                with.cpuMillis("run", program.argument());
                without.cpuMillis("run", program.argument());
            }
            for (int round = 0; round < rounds; round++) {
                vectors.add(with.cpuMillis("run", program.argument()));
                scalar.add(without.cpuMillis("run", program.argument()));
                gcc.addAll(programs.nativeMillis(program.name(), program.argument(), 1));
                v8.addAll(programs.nodeMillis(program.vectors(), "run", program.argument(), 3).stream()
                        .skip(1)
                        .toList());
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
