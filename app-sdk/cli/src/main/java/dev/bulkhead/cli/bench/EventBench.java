package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From a sample's arrival in the host to the first thing the app does about it, at 1 kHz: alone, and beside apps that spin. */
final class EventBench {
    private static final int EVENTS = 5_000;
    private static final int WARM = 3_000;
    private static final long PERIOD = 100_000_000;
    private static final long QUOTA = 80_000_000;

    private EventBench() {}

    static List<BenchRow> run(BenchPrograms programs) throws IOException, InterruptedException {
        try (BenchApp app = new BenchApp(programs.wasm("events"))) {
            app.start();
            publish(app, WARM);
            double[] alone = delays(app, EVENTS);
            double[] beside;
            byte[] spinner = programs.wasm("mandelbrot");
            Budget quota = new Budget(QUOTA, PERIOD, 0, BenchGuest.MEMORY, Budget.OnExceed.THROTTLE);
            try (BenchGuest one = new BenchGuest(spinner, EngineKind.BULKHEAD, quota);
                    BenchGuest other = new BenchGuest(spinner, EngineKind.BULKHEAD, quota)) {
                one.spin("run", 1_000_000);
                other.spin("run", 1_000_000);
                publish(app, WARM);
                beside = delays(app, EVENTS);
            }
            return List.of(
                    BenchRow.plain("event to callback, idle machine, median", at(alone, 0.5), "µs"),
                    BenchRow.atMost("event to callback, idle machine, p99", at(alone, 0.99), "µs", 100),
                    BenchRow.plain("event to callback, two apps spinning, median", at(beside, 0.5), "µs"),
                    BenchRow.atMost("event to callback, two apps spinning, p99", at(beside, 0.99), "µs", 2_000));
        }
    }

    private static void publish(BenchApp app, int count) {
        for (int i = 0; i < count; i++) {
            app.publishSpeed(i);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** In microseconds, sorted. */
    private static double[] delays(BenchApp app, int count) throws InterruptedException {
        app.call("forget");
        publish(app, count);
        int seen = (int) app.call("events");
        if (seen < count * 9 / 10) {
            throw new IllegalStateException("only " + seen + " of " + count + " events came");
        }
        double[] delays = new double[seen];
        for (int i = 0; i < seen; i++) {
            delays[i] = app.call("delay", i) / 1e3;
        }
        Arrays.sort(delays);
        return delays;
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))];
    }
}
