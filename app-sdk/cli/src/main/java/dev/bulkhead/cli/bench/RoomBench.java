package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a hog costs its neighbour. */
final class RoomBench {
    private RoomBench() {}

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
