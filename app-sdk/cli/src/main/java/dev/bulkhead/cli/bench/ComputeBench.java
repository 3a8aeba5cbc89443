package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The four programs, native, in V8 and in the sandbox, several processes of each, called in turn; CPU time, medians, the first calls left out. Ratios are
 * taken of calls that follow each other, and their median over processes and rounds is given: one start may be slower than the next for good. Each time is
 * the mean of two calls in a row: binary-trees finds its free blocks in one order at every second call and in another between, native code too.
 */
final class ComputeBench {
    /** Calls that are one figure. */
    private static final int CALLS = 2;

    /** Processes of each kind. */
    private static final int PROCESSES = 4;

    /** Calls until the JIT has seen each way a program goes, on a machine that is not idle either. */
    private static final int WARM = 12;

    /** The same for native code, whose memory the kernel hands out page by page in its first call, and for V8. */
    private static final int WARM_OTHERS = 2;

    private record Program(String name, long argument) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("binary-trees", 17),
            new Program("fannkuch-redux", 9),
            new Program("mandelbrot", 1_000),
            new Program("n-body", 1_000_000));

    /** What is compared, in the order of {@link Figures#kinds}. */
    private static final List<String> KINDS = List.of("unmetered", "metered", "gcc -O3", "clang -O3", "V8");

    private ComputeBench() {}

    static List<BenchRow> run(BenchPrograms programs, EngineKind engine, int rounds)
            throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        double toNative = 1;
        double toUnmetered = 1;
        boolean compared = true;
        for (Program program : PROGRAMS) {
            try (Figures figures = new Figures()) {
                figures.take(programs, engine, program, rounds);
                rows.addAll(figures.rows(program.name()));
                compared &= !figures.gcc.isEmpty();
                toNative *= figures.toNative();
                toUnmetered *= figures.toUnmetered();
            }
        }
        String mean = "metered / gcc -O3, geometric mean";
        rows.add(
                compared
                        ? BenchRow.atMost(mean, root(toNative), "×", 1.10)
                        : BenchRow.notMeasured(mean, "×", 1.10, BenchPrograms.NO_GCC));
        rows.add(BenchRow.atMost("metered / unmetered, geometric mean", root(toUnmetered), "×", 1.04));
        return rows;
    }

    private static double root(double product) {
        return Math.pow(product, 1.0 / PROGRAMS.size());
    }

    /** The processes of one program; none of what is not installed. */
    private static final class Figures implements AutoCloseable {
        private final Starts metered = new Starts();
        private final Starts unmetered = new Starts();
        private final Starts gcc = new Starts();
        private final Starts clang = new Starts();
        private final Starts v8 = new Starts();

        /** In the order of their calls: the metered ones between those they are compared with. */
        private final List<Starts> kinds = List.of(unmetered, metered, gcc, clang, v8);

        void take(BenchPrograms programs, EngineKind engine, Program program, int rounds)
                throws IOException, InterruptedException {
            start(programs, engine, program);
            agree(program);
            for (int round = 0; round < rounds; round++) {
                for (int process = 0; process < PROCESSES; process++) {
                    for (Starts kind : kinds) {
                        kind.call(process, program.argument(), CALLS);
                    }
                }
            }
        }

        private void start(BenchPrograms programs, EngineKind engine, Program program)
                throws IOException, InterruptedException {
            Path module = programs.file(program.name() + ".wasm");
            for (int process = 0; process < PROCESSES; process++) {
                unmetered.add(SteppedGuest.start(module, EngineKind.UNMETERED));
                metered.add(SteppedGuest.start(module, engine));
                programs.steppedNative(BenchPrograms.GCC, program.name(), "-O3").ifPresent(gcc::add);
                programs.steppedNative(BenchPrograms.CLANG, program.name(), "-O3")
                        .ifPresent(clang::add);
                programs.steppedNode(program.name()).ifPresent(v8::add);
                for (Starts kind : kinds) {
                    boolean guest = kind == metered || kind == unmetered;
                    kind.warm(process, program.argument(), guest ? WARM : WARM_OTHERS);
                }
            }
        }

        /** Times of programs that compute something else are no comparison. */
        private void agree(Program program) throws IOException {
            int ours = metered.result(program.argument()).orElseThrow();
            for (Starts kind : kinds) {
                int theirs = kind.result(program.argument()).orElse(ours);
                if (theirs != ours) {
                    throw new IllegalStateException(program.name() + " gave " + ours + " metered, and " + theirs
                            + " in " + KINDS.get(kinds.indexOf(kind)));
                }
            }
        }

        double toNative() {
            return gcc.isEmpty() ? 1 : ratio(metered.millis(), gcc.millis());
        }

        double toUnmetered() {
            return ratio(metered.millis(), unmetered.millis());
        }

        /** The median of the ratios of calls that follow each other. */
        private static double ratio(List<Double> millis, List<Double> others) {
            List<Double> ratios = new ArrayList<>();
            for (int call = 0; call < others.size(); call++) {
                ratios.add(millis.get(call) / others.get(call));
            }
            return BenchRows.median(ratios);
        }

        List<BenchRow> rows(String program) {
            List<BenchRow> rows = new ArrayList<>();
            rows.add(BenchRow.plain(program + ", metered", BenchRows.median(metered.millis()), "ms"));
            rows.add(BenchRow.plain(program + ", unmetered", BenchRows.median(unmetered.millis()), "ms"));
            if (!v8.isEmpty()) {
                rows.add(BenchRow.plain(program + ", V8", BenchRows.median(v8.millis()), "ms"));
            }
            if (!clang.isEmpty()) {
                rows.add(BenchRow.plain(program + ", clang -O3", BenchRows.median(clang.millis()), "ms"));
                rows.add(BenchRow.plain(
                        program + ", metered / clang -O3", ratio(metered.millis(), clang.millis()), "×"));
            }
            rows.addAll(besideGcc(program));
            return rows;
        }

        private List<BenchRow> besideGcc(String program) {
            String ratio = program + ", metered / gcc -O3";
            if (gcc.isEmpty()) {
                return List.of(BenchRow.notMeasured(ratio, "×", 1.3, BenchPrograms.NO_GCC));
            }
            return List.of(
                    BenchRow.plain(program + ", gcc -O3", BenchRows.median(gcc.millis()), "ms"),
                    BenchRow.plain(program + ", gcc -O3, slowest / fastest call", unsteadiness(gcc.millis()), "×"),
                    BenchRow.plain(ratio + ", undisturbed", undisturbed(), "×"),
                    BenchRow.atMost(ratio, toNative(), "×", 1.3));
        }

        /** Of processes when no neighbour slows them down. */
        private double undisturbed() {
            return BenchRows.median(metered.undisturbed()) / BenchRows.median(gcc.undisturbed());
        }

        /** How much the machine's pace changed meanwhile: the same native code should take the same time. */
        private static double unsteadiness(List<Double> millis) {
            return Collections.max(millis) / Collections.min(millis);
        }

        @Override
        public void close() {
            kinds.forEach(Starts::close);
        }
    }
}
