package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What hogs cost a neighbour. All want whole cores and have 40 ms in 100 ms each: two of them together less than one core, so that a neighbour must get
 * on as fast beside a hog as alone, on the same core too. A neighbour without a quota is measured beside a hog of 20 ms in 100 ms that can have a core of
 * its own; on one core it would lose what the hog was granted, which is no harm.
 */
final class NeighbourBench {
    private static final double AIM = 3;
    private static final long PERIOD = 100_000_000;
    private static final Budget FAIR = new Budget(40_000_000, PERIOD, 0, BenchGuest.MEMORY, Budget.OnExceed.THROTTLE);
    private static final Budget LITTLE = new Budget(20_000_000, PERIOD, 0, BenchGuest.MEMORY, Budget.OnExceed.THROTTLE);
    private static final Budget FREE = Budget.unlimitedCpu(BenchGuest.MEMORY);

    /** Whole periods: wherever it begins, each guest's quota fits into it as often. */
    private static final Duration WINDOW = Duration.ofSeconds(2);

    /** Until hogs that were told to rest have, and those that were woken are at their quota. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    /** The neighbour's calls take less than a millisecond, so that what a window cuts off is little. */
    private static final long SHORT = 120;

    /** The hog's take longer than its quota lasts. */
    private static final long LONG = 1_000;

    /** Windows until all is compiled. */
    private static final int WARM = 3;

    private NeighbourBench() {}

    static List<BenchRow> run(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        Path module = programs.file("mandelbrot.wasm");
        List<BenchRow> rows = new ArrayList<>();
        try (SteppedProcess process = start(module, "fair", 1)) {
            String what = "a hog's effect on a neighbour's throughput, both at their quota on one core";
            rows.addAll(
                    process.bind()
                            ? effect(what, process, 1, rounds)
                            : List.of(BenchRow.notMeasured(what, "%", AIM, "taskset is not installed")));
        }
        try (SteppedProcess process = start(module, "fair", cores)) {
            String what = "effect of as many hogs as there are cores, " + cores + ", all at their quota";
            rows.addAll(effect(what, process, cores, rounds));
        }
        if (cores > 1) {
            try (SteppedProcess process = start(module, "free", 1)) {
                String what = "effect of a throttled hog on another core, neighbour without a quota";
                rows.addAll(effect(what, process, 1, rounds));
            }
        }
        return rows;
    }

    /** A process whose guests are warm. */
    private static SteppedProcess start(Path module, String kind, int hogs) throws IOException {
        List<String> arguments = List.of(module.toString(), kind, Integer.toString(hogs));
        SteppedProcess process = SteppedProcess.start(BenchJvm.command(NeighbourBench.class, List.of(), arguments));
        for (int window = 0; window < WARM; window++) {
            process.call(hogs);
        }
        return process;
    }

    /** What is lost beside so many hogs: of windows that follow each other, the median of the rounds; and how steady the machine was without hogs. */
    private static List<BenchRow> effect(String what, SteppedProcess process, int hogs, int rounds) throws IOException {
        List<Double> percents = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            alone.add(process.call(0));
            percents.add((1 - process.call(hogs) / alone.getLast()) * 100);
        }
        double steadiness = Collections.max(alone) / Collections.min(alone);
        return List.of(
                BenchRow.atMost(what, BenchRows.median(percents), "%", AIM),
                BenchRow.plain("… the neighbour alone, fastest / slowest window", steadiness, "×"));
    }

    /** The measured process: {@code MODULE fair|free HOGS}. For each number of hogs on standard input it says the neighbour's calls a second. */
    public static void main(String[] args) throws IOException, InterruptedException {
        byte[] module = Files.readAllBytes(Path.of(args[0]));
        boolean fair = args[1].equals("fair");
        List<BenchGuest> hogs = new ArrayList<>();
        for (int hog = 0; hog < Integer.parseInt(args[2]); hog++) {
            hogs.add(new BenchGuest(module, EngineKind.BULKHEAD, fair ? FAIR : LITTLE));
        }
        try (BenchGuest neighbour = new BenchGuest(module, EngineKind.BULKHEAD, fair ? FAIR : FREE)) {
            neighbour.spinOn("run", SHORT);
            BufferedReader steps = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = steps.readLine(); line != null; line = steps.readLine()) {
                List<BenchGuest> awake = hogs.subList(0, Integer.parseInt(line));
                awake.forEach(hog -> hog.spinOn("run", LONG));
                System.out.println(callsPerSecond(neighbour));
                awake.forEach(BenchGuest::rest);
            }
        }
    }

    private static double callsPerSecond(BenchGuest neighbour) throws InterruptedException {
        Thread.sleep(SETTLE.toMillis());
        long begin = System.nanoTime();
        long before = neighbour.spun();
        Thread.sleep(WINDOW.toMillis());
        return (neighbour.spun() - before) * 1e9 / (System.nanoTime() - begin);
    }
}
