package dev.bulkhead.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link Nanos} with JMH, in processes started as this one was; wall time, means, and JMH's error of each at 99.9 %. */
final class NanosBench {
    private static final int FORKS = 2;
    private static final int WARM = 5;
    private static final TimeValue ITERATION = TimeValue.seconds(1);

    private NanosBench() {}

    static List<BenchRow> run(Path folder, int rounds) {
        Options options = new OptionsBuilder()
                .include(Nanos.class.getName() + "\\..*")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(FORKS)
                .warmupIterations(WARM)
                .warmupTime(ITERATION)
                .measurementIterations(rounds)
                .measurementTime(ITERATION)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .output(folder.resolve("jmh.log").toString()) // what the processes say is no part of ours
                .build();
        Map<String, Result<?>> results = new TreeMap<>();
        try {
            for (RunResult result : new Runner(options).run()) {
                results.put(result.getPrimaryResult().getLabel(), result.getPrimaryResult());
            }
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not measure: " + e.getMessage(), e);
        }
        List<BenchRow> rows = new ArrayList<>();
        rows.addAll(rows(results, "hostCall", "host call from guest code", 0));
        rows.addAll(rows(results, "gatedRead", "gated signal read from guest code, audited", 15));
        rows.addAll(rows(results, "accountOfCallback", "account of a callback, begin and end", 0));
        rows.addAll(rows(results, "emptyCallback", "event to an empty callback and back", 0));
        return rows;
    }

    private static List<BenchRow> rows(Map<String, Result<?>> results, String method, String what, double aim) {
        Result<?> result = results.get(method);
        if (result == null) {
            throw new IllegalStateException("JMH measured " + results.keySet() + ", and not " + method);
        }
        double nanos = result.getScore();
        return List.of(
                aim > 0 ? BenchRow.atMost(what, nanos, "ns", aim) : BenchRow.plain(what, nanos, "ns"),
                BenchRow.plain("… its error, ±", result.getScoreError(), "ns"));
    }
}
