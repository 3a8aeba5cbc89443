package dev.bulkhead.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether a program is as fast in one process as in the next: what the JIT saw first must not decide for good. A machine that shares its cores changes
 * its pace from one moment to the next and from core to core, so all processes are started first and then called in turn on one core, native ones
 * between them.
 */
final class StartsBench {
    private static final double AIM = 1.15;

    /** Calls of a round. */
    private static final int CALLS = 3;

    /** The first call takes some hundred milliseconds, so that it has everything compiled; the others are short, as the machine's moods are. */
    private record Program(String name, long first, long others) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("binary-trees", 18, 16),
            new Program("fannkuch-redux", 10, 9),
            new Program("mandelbrot", 2_400, 1_000),
            new Program("n-body", 5_000_000, 1_000_000));

    private static final List<String> LEVELS = List.of("-O3", "-O0", "-O1", "-Oz");

    /** A process and the CPU milliseconds of its calls, the first left out. */
    private record Start(SteppedProcess process, List<Double> calls) {
        static Start of(SteppedProcess process) {
            return new Start(process, new ArrayList<>());
        }

        void first(long argument) throws IOException, InterruptedException {
            process.call(argument);
            process.bind();
        }

        void call(long argument) throws IOException {
            calls.add(process.call(argument));
        }

        double millis() {
            return BenchRows.median(calls);
        }
    }

    private StartsBench() {}

    static List<BenchRow> run(BenchPrograms programs, int starts, int rounds) throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        for (Program program : PROGRAMS) {
            for (String level : LEVELS) {
                rows.addAll(build(programs, program, level, starts, CALLS * rounds));
            }
        }
        return rows;
    }

    private static List<BenchRow> build(BenchPrograms programs, Program program, String level, int starts, int calls)
            throws IOException, InterruptedException {
        Path module = programs.file(program.name() + (level.equals("-O3") ? "" : level) + ".wasm");
        List<Start> guests = new ArrayList<>();
        List<Start> natives = new ArrayList<>();
        try {
            for (int start = 0; start < starts; start++) {
                guests.add(Start.of(SteppedGuest.start(module)));
                guests.getLast().first(program.first());
                programs.steppedNative(program.name(), level).map(Start::of).ifPresent(natives::add);
            }
            for (Start start : natives) {
                start.first(program.others());
            }
            for (int call = 0; call < calls; call++) {
                for (int start = 0; start < starts; start++) {
                    guests.get(start).call(program.others());
                    if (!natives.isEmpty()) {
                        natives.get(start).call(program.others());
                    }
                }
            }
        } finally {
            guests.forEach(start -> start.process().close());
            natives.forEach(start -> start.process().close());
        }
        return rows(program.name() + " " + level, "gcc " + level, guests, natives);
    }

    private static List<BenchRow> rows(String build, String gcc, List<Start> guests, List<Start> natives) {
        List<Double> millis = guests.stream().map(Start::millis).toList();
        List<BenchRow> rows = new ArrayList<>();
        rows.add(BenchRow.plain(build + ", fastest of " + guests.size() + " starts", Collections.min(millis), "ms"));
        rows.add(BenchRow.atMost(build + ", slowest / fastest", spread(millis), "×", AIM));
        if (!natives.isEmpty()) {
            List<Double> beside = natives.stream().map(Start::millis).toList();
            rows.add(BenchRow.plain(build + ", " + gcc + " beside it, slowest / fastest", spread(beside), "×"));
        }
        return rows;
    }

    private static double spread(List<Double> millis) {
        return Collections.max(millis) / Collections.min(millis);
    }
}
