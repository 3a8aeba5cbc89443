package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An interpreter, whose loop over a large switch is too long for one method: as the engine cuts it, and as one method that the JIT was told to compile
 * ({@code --engine plain}), against gcc -O3 and V8; interleaved, CPU time, medians.
 */
final class LongCodeBench {
    private static final int WARM = 20;
    private static final String PROGRAM = "interpreter";
    private static final long ARGUMENT = 50;

    private LongCodeBench() {}

    static List<BenchRow> run(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        List<Double> cut = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        List<Double> gcc = new ArrayList<>();
        List<Double> v8 = new ArrayList<>();
        byte[] wasm = programs.wasm(PROGRAM);
        Budget budget = Budget.unlimitedCpu(BenchGuest.MEMORY);
        try (BenchGuest asCut = new BenchGuest(wasm, EngineKind.BULKHEAD, budget);
                BenchGuest asOne = new BenchGuest(wasm, EngineKind.PLAIN, budget)) {
            for (int round = 0; round < WARM + rounds; round++) {
                double a = asCut.cpuMillis("run", ARGUMENT);
                double b = asOne.cpuMillis("run", ARGUMENT);
                if (round >= WARM) {
                    cut.add(a);
                    whole.add(b);
                    gcc.addAll(programs.nativeMillis(PROGRAM, ARGUMENT, 1));
                    v8.addAll(programs.nodeMillis(PROGRAM, "run", ARGUMENT, 3).stream()
                            .skip(1)
                            .toList());
                }
            }
        }
        return rows(BenchRows.median(cut), BenchRows.median(whole), gcc, v8);
    }

    private static List<BenchRow> rows(double cut, double whole, List<Double> gcc, List<Double> v8) {
        List<BenchRow> rows = new ArrayList<>();
        rows.add(BenchRow.plain("interpreter, cut", cut, "ms"));
        rows.add(BenchRow.plain("interpreter, one method", whole, "ms"));
        rows.add(BenchRow.atMost("interpreter, cut / one method", cut / whole, "×", 1.15));
        if (!gcc.isEmpty()) {
            rows.add(BenchRow.plain("interpreter, gcc -O3", BenchRows.median(gcc), "ms"));
            rows.add(BenchRow.plain("interpreter, cut / gcc -O3", cut / BenchRows.median(gcc), "×"));
        }
        if (!v8.isEmpty()) {
            rows.add(BenchRow.plain("interpreter, V8", BenchRows.median(v8), "ms"));
        }
        return rows;
    }
}
