package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.CpuMeter;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.agent.sandbox.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How many idle instances fit, how long the making of one takes, and what a hog costs its neighbour. */
final class RoomBench {
    private static final int INSTANCES = 2_000;
    private static final byte[] ONE_PAGE = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1};

    private RoomBench() {}

    static List<BenchRow> density() {
        CompiledModule module = BenchGuest.compile(ONE_PAGE, EngineKind.BULKHEAD);
        List<Instance> instances = new ArrayList<>();
        Budget budget = Budget.unlimitedCpu(1 << 20);
        long before = usedAfterCollection();
        long begin = System.nanoTime();
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(module.instantiate(BenchGuest.imports(), budget, CpuMeter.unlimited()));
        }
        double micros = (System.nanoTime() - begin) / 1e3 / INSTANCES;
        double kilobytes = (usedAfterCollection() - before) / 1e3 / instances.size();
        return List.of(
                new BenchRow("idle one-page instances made", instances.size(), "", 2_000, true),
                BenchRow.atMost("heap per idle instance", kilobytes, "KB", 100),
                BenchRow.plain("making an instance", micros, "µs"));
    }

    private static long usedAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A neighbour's throughput beside a hog that is throttled to 20 ms in 100 ms, against its throughput alone. */
    static List<BenchRow> neighbour(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        byte[] wasm = programs.wasm("mandelbrot");
        Budget quota = new Budget(20_000_000, 100_000_000, 0, BenchGuest.MEMORY, Budget.OnExceed.THROTTLE);
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        try (BenchGuest innocent = new BenchGuest(wasm, EngineKind.BULKHEAD, Budget.unlimitedCpu(BenchGuest.MEMORY))) {
            for (int i = 0; i < 6; i++) {
                innocent.cpuMillis("run", 400);
            }
            for (int round = 0; round < rounds; round++) {
                alone.add(wallMillis(innocent));
                try (BenchGuest hog = new BenchGuest(wasm, EngineKind.BULKHEAD, quota)) {
                    hog.spin("run", 1_000_000);
                    Thread.sleep(2_000); // the hog's own compilation is over by then
                    beside.add(wallMillis(innocent));
                }
            }
        }
        double slowdown = (BenchRows.median(beside) / BenchRows.median(alone) - 1) * 100;
        return List.of(BenchRow.atMost("a throttled hog's effect on a neighbour", slowdown, "%", 3));
    }

    private static double wallMillis(BenchGuest guest) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            guest.cpuMillis("run", 400);
        }
        return (System.nanoTime() - begin) / 1e6;
    }
}
