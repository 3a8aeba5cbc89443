package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Signature;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** A guest on a strand of its own, to be measured. */
final class BenchGuest implements AutoCloseable {
    static final long MEMORY = 256L << 20;

    private static final Signature TICK = Signature.parse("(i32)i32");

    private final PlatformStrand strand;
    private final CpuAccount account;
    private final Instance instance;
    private final AtomicLong spun = new AtomicLong();
    private volatile boolean spinning;

    BenchGuest(byte[] module, EngineKind kind, Budget budget) {
        strand = PlatformStrand.open("bench", 4, Strand.Rank.APP, System::nanoTime);
        account = new CpuAccount(budget, CpuClock.ofThread(), System::nanoTime, strand, () -> {});
        instance = compile(module, kind).instantiate(imports(), budget, account);
    }

    static CompiledModule compile(byte[] module, EngineKind kind) {
        return kind.engine().compile(module, Limits.forMemory(MEMORY), BenchGuest::gate);
    }

    private static ImportGate.Ruling gate(String module, String name) {
        return module.equals("bench") && name.equals("tick")
                ? new ImportGate.Ruling.Known(TICK)
                : new ImportGate.Ruling.Unknown(Optional.empty());
    }

    static HostImports imports() {
        return HostImports.builder().function("bench", "tick", TICK, new Tick()).build();
    }

    /**
     * What the guest's host calls reach: the answer hangs on the question and on all questions before, so that the JIT may put the host's code into the
     * guest's, but can leave no call out; {@code run.mjs} has the same.
     */
    private static final class Tick implements HostCall {
        private int seed = 1;

        @Override
        public long call(GuestMemory memory, long[] args) {
            return call1(memory, args[0]);
        }

        @Override
        public long call1(GuestMemory memory, long a) {
            seed = (seed ^ (int) a) * 1_664_525 + 1_013_904_223;
            return seed;
        }
    }

    /** CPU milliseconds of one call. */
    double cpuMillis(String function, long argument) throws InterruptedException {
        return call(function, argument).cpuMillis();
    }

    /** What one call returns. */
    int answer(String function, long argument) throws InterruptedException {
        return call(function, argument).answer();
    }

    /** What a call returned, and its CPU time. */
    record Called(int answer, double cpuMillis) {}

    Called call(String function, long argument) throws InterruptedException {
        CompletableFuture<Called> called = new CompletableFuture<>();
        strand.execute(() -> {
            long before = account.usage().totalNanos();
            Outcome outcome = instance.call(function, argument);
            double millis = (account.usage().totalNanos() - before) / 1e6;
            if (outcome instanceof Outcome.Returned returned) {
                called.complete(new Called(returned.status(), millis));
            } else {
                called.completeExceptionally(new IllegalStateException(function + " ended as " + outcome));
            }
        });
        try {
            return called.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Calls again and again, not to be waited for, until {@link #rest}. */
    void spinOn(String function, long argument) {
        spinning = true;
        strand.execute(() -> {
            while (spinning && instance.call(function, argument) instanceof Outcome.Returned) {
                spun.incrementAndGet();
            }
        });
    }

    /** No call begins any more. */
    void rest() {
        spinning = false;
    }

    /** Calls that {@link #spinOn} has made so far. */
    long spun() {
        return spun.get();
    }

    /** Starts a call and does not wait for it. */
    void spin(String function, long argument) {
        strand.execute(() -> instance.call(function, argument));
    }

    @Override
    public void close() {
        instance.kill();
        strand.close();
    }
}
