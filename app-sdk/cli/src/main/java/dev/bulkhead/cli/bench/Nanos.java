package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What takes nanoseconds, as JMH wants it: all public, for the code it generates. {@link NanosBench} runs it. */
public class Nanos {
    /** Calls that a guest makes in one go, so that going into it does not count. */
    private static final int MANY = 1_000_000;

    private static final Budget BUDGET = Budget.unlimitedCpu(BenchGuest.MEMORY);

    /** A guest that calls a function of the host's. */
    @State(Scope.Thread)
    public static class Caller {
        private final BenchGuest guest = new BenchGuest(wasm("calls"), EngineKind.BULKHEAD, BUDGET);

        /** Ends it. */
        @TearDown
        public void close() {
            guest.close();
        }
    }

    /** An app that reads a signal through the whole gate. */
    @State(Scope.Thread)
    public static class Reader {
        private final BenchApp app = new BenchApp(wasm("events"));

        /** Starts the app. */
        public Reader() {
            try {
                app.start();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            app.publishSpeed(50);
        }

        /** Ends it. */
        @TearDown
        public void close() {
            app.close();
        }
    }

    /** An app whose callbacks do nothing, on the thread that measures, with an account as on the road. */
    @State(Scope.Thread)
    public static class Idler {
        private final PlatformStrand strand = PlatformStrand.open("idle", 1, Strand.Rank.APP, System::nanoTime);
        private final CpuAccount account =
                new CpuAccount(BUDGET, CpuClock.ofThread(), System::nanoTime, strand, () -> {});
        private final Instance instance = BenchGuest.compile(DensityBench.onePage(), EngineKind.BULKHEAD)
                .instantiate(BenchGuest.imports(), BUDGET, account);
        private final byte[] event = new byte[32];

        /** Starts the app. */
        public Idler() {
            instance.start();
        }

        /** Ends it. */
        @TearDown
        public void close() {
            strand.close();
        }
    }

    private static byte[] wasm(String program) {
        try {
            return new BenchPrograms(Path.of("")).wasm(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call from guest code into the host and back. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public int hostCall(Caller caller) throws InterruptedException {
        return caller.guest.answer("host", MANY);
    }

    /** {@code hal.signal_get_f64}: handle, policy epoch, grant, age and type checked, counted for the audit log. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public long gatedRead(Reader reader) throws InterruptedException {
        return reader.app.call("reads", MANY);
    }

    /** The account's part of a callback: the thread's CPU clock read at its beginning and at its end, quota and period looked at. */
    @Benchmark
    public long accountOfCallback(Idler idler) {
        long slice = idler.account.begin();
        idler.account.end(0);
        return slice;
    }

    /** One event copied into the guest and a callback that returns at once, its account included. */
    @Benchmark
    public Outcome emptyCallback(Idler idler) {
        return idler.instance.deliver(idler.event, 1);
    }
}
