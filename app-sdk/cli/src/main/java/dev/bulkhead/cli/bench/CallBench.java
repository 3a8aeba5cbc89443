package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** 30 million indirect calls over 8 targets, and 30 million host calls, against V8; reads of a signal through the whole gate. */
final class CallBench {
    private static final int CALLS = 30_000_000;
    private static final int FEW = 5_000;
    private static final int READS = 5_000_000;
    private static final int WARM = 3;

    private CallBench() {}

    static List<BenchRow> run(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        rows.addAll(measure(programs, rounds, "indirect", "call_indirect over 8 targets", 1.5));
        rows.addAll(measure(programs, rounds, "host", "host call", 1.0));
        rows.add(gatedRead(programs, rounds));
        return rows;
    }

    /** {@code hal.signal_get_f64}: handle, policy epoch, grant, age and type checked, the read counted for the audit log. */
    private static BenchRow gatedRead(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
        List<Double> nanos = new ArrayList<>();
        try (BenchApp app = new BenchApp(programs.wasm("events"))) {
            app.start();
            app.publishSpeed(50);
            for (int round = 0; round < WARM + rounds; round++) {
                double each = (double) app.cpuNanos("reads", READS) / READS;
                if (round >= WARM) {
                    nanos.add(each);
                }
            }
            long made = (long) (WARM + rounds) * READS;
            if (app.readsCounted() < made) {
                throw new IllegalStateException(
                        "the audit log was told of " + app.readsCounted() + " reads of " + made);
            }
        }
        return BenchRow.atMost("gated signal read, audited", BenchRows.median(nanos), "ns", 15);
    }

    private static List<BenchRow> measure(BenchPrograms programs, int rounds, String function, String what, double aim)
            throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> v8 = new ArrayList<>();
        try (BenchGuest guest =
                new BenchGuest(programs.wasm("calls"), EngineKind.BULKHEAD, Budget.unlimitedCpu(BenchGuest.MEMORY))) {
            agree(guest.answer(function, FEW), programs.nodeAnswer("calls", function, FEW));
            guest.cpuMillis(function, CALLS);
            guest.cpuMillis(function, CALLS);
            for (int round = 0; round < rounds; round++) {
                ours.add(guest.cpuMillis(function, CALLS));
                v8.addAll(programs.nodeMillis("calls", function, CALLS, 2).stream()
                        .skip(1)
                        .toList());
            }
        }
        double nanos = BenchRows.median(ours) * 1e6 / CALLS;
        String ratio = what + " / V8";
        return List.of(
                BenchRow.plain(what, nanos, "ns"),
                v8.isEmpty()
                        ? BenchRow.notMeasured(ratio, "×", aim, BenchPrograms.NO_NODE)
                        : BenchRow.atMost(ratio, BenchRows.median(ours) / BenchRows.median(v8), "×", aim));
    }

    /** A call that was left out would be seen in the answer. */
    private static void agree(int ours, Optional<Integer> v8) {
        if (v8.isPresent() && v8.get() != ours) {
            throw new IllegalStateException("the same calls gave " + ours + " here and " + v8.get() + " in V8");
        }
    }
}
