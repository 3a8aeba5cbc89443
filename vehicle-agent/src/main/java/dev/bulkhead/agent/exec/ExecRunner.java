package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.Engine;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Signature;
import dev.bulkhead.agent.sandbox.Strand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Runs one export of one module, several times, in the sandbox. Thread-safe; each run has a strand of its own. */
public final class ExecRunner {
    private final LongSupplier unixNanos;
    private final LongSupplier nanos;
    private final RandomGenerator random;

    /**
     * @param unixNanos wall clock for the guest, nanoseconds since 1970
     * @param nanos monotonic clock, advancing with {@link System#nanoTime}
     */
    public ExecRunner(LongSupplier unixNanos, LongSupplier nanos, RandomGenerator random) {
        this.unixNanos = unixNanos;
        this.nanos = nanos;
        this.random = random;
    }

    /**
     * Compiles and runs.
     *
     * @throws dev.bulkhead.agent.sandbox.AdmissionException if the module is refused
     * @throws ExecException if the export or the arguments do not fit
     * @throws InterruptedException if the calling thread is interrupted; the guest is stopped then
     */
    public ExecReport run(byte[] module, ExecRequest request, ExecOutput output) throws InterruptedException {
        ExecImports imports = new ExecImports(output, unixNanos, nanos, random, request.assets());
        Engine engine = request.engine().engine();
        CompiledModule compiled =
                engine.compile(module, Limits.forMemory(request.budget().memoryBytes()), imports.gate());
        Signature signature = compiled.exportedFunctions().get(request.function());
        if (signature == null) {
            throw new ExecException("no exported function " + request.function() + "; there are: "
                    + String.join(", ", compiled.exportedFunctions().keySet()));
        }
        long[] arguments = GuestValues.parse(request.function(), signature, request.arguments());
        CompletableFuture<ExecReport> report = new CompletableFuture<>();
        try (PlatformStrand strand = PlatformStrand.open("exec", 1, Strand.Rank.APP, nanos)) {
            strand.execute(() -> complete(report, () -> {
                CpuAccount account = account(request, strand);
                Instance instance = compiled.instantiate(imports.imports(), request.budget(), account);
                return repeat(instance, account, request, signature, arguments);
            }));
            return report.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private interface Work {
        ExecReport report();
    }

    private static void complete(CompletableFuture<ExecReport> report, Work work) {
        try {
            report.complete(work.report());
        } catch (RuntimeException | Error e) {
            report.completeExceptionally(e);
        }
    }

    private CpuAccount account(ExecRequest request, Strand strand) {
        return new CpuAccount(request.budget(), CpuClock.ofThread(), nanos, strand, () -> {});
    }

    private static ExecReport repeat(
            Instance instance, CpuAccount account, ExecRequest request, Signature signature, long[] arguments) {
        List<Double> millis = new ArrayList<>();
        List<Long> fuel = new ArrayList<>();
        Outcome outcome = new Outcome.Returned(List.of());
        for (int i = 0; i < request.repeat() && outcome instanceof Outcome.Returned; i++) {
            long cpuBefore = account.usage().totalNanos();
            long fuelBefore = instance.usage().fuel();
            outcome = instance.call(request.function(), arguments.clone());
            millis.add((account.usage().totalNanos() - cpuBefore) / 1e6);
            fuel.add(instance.usage().fuel() - fuelBefore);
        }
        return report(outcome, signature, millis, fuel, instance.usage().memoryBytes());
    }

    private static ExecReport report(
            Outcome outcome, Signature signature, List<Double> millis, List<Long> fuel, long memory) {
        return switch (outcome) {
            case Outcome.Returned returned ->
                new ExecReport(
                        GuestValues.print(signature, returned.results()),
                        millis,
                        fuel,
                        memory,
                        ExecReport.State.OK,
                        "",
                        "");
            case Outcome.Trapped trapped ->
                new ExecReport(
                        List.of(), millis, fuel, memory, ExecReport.State.TRAP, trapped.message(), trapped.where());
            case Outcome.Killed killed
            when killed.cause() == KillCause.EXITED && killed.exitCode() == 0 ->
                new ExecReport(List.of(), millis, fuel, memory, ExecReport.State.OK, "", "");
            case Outcome.Killed killed ->
                new ExecReport(
                        List.of(),
                        millis,
                        fuel,
                        memory,
                        ExecReport.State.KILLED,
                        killed.cause() == KillCause.EXITED
                                ? "exited with code " + killed.exitCode()
                                : killed.cause().name().toLowerCase(Locale.ROOT),
                        "");
        };
    }
}
