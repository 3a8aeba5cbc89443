package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether a program is as fast in one process as in the next: what the JIT saw first must not decide for good. All processes are started first and then
 * called in turn on one core, native ones between them.
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
        try (Starts guests = new Starts();
                Starts natives = new Starts()) {
            for (int start = 0; start < starts; start++) {
                guests.add(SteppedGuest.start(module, EngineKind.BULKHEAD));
                guests.warm(start, program.first(), 1);
                programs.steppedNative(BenchPrograms.GCC, program.name(), level).ifPresent(natives::add);
            }
            for (int start = 0; start < starts; start++) {
                natives.warm(start, program.others(), 1);
            }
            for (int call = 0; call < calls; call++) {
                for (int start = 0; start < starts; start++) {
                    guests.call(start, program.others(), 1);
                    natives.call(start, program.others(), 1);
                }
            }
            return rows(program.name() + " " + level, "gcc " + level, guests, natives);
        }
    }

    private static List<BenchRow> rows(String build, String gcc, Starts guests, Starts natives) {
        List<BenchRow> rows = new ArrayList<>();
        double fastest = Collections.min(guests.undisturbed());
        rows.add(BenchRow.plain(build + ", fastest of " + guests.count() + " starts", fastest, "ms"));
        rows.add(BenchRow.atMost(build + ", slowest / fastest", guests.spread(), "×", AIM));
        rows.add(BenchRow.plain(build + ", slowest / fastest by medians", guests.medianSpread(), "×"));
        if (!natives.isEmpty()) {
            rows.add(BenchRow.plain(build + ", " + gcc + " beside it, slowest / fastest", natives.spread(), "×"));
        }
        return rows;
    }
}
