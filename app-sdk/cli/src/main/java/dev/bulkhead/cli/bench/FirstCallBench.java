package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.FileCodeCache;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.pack.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An app of 250 KB from its verified bytes to the end of its first callback. Each figure is of a JVM of its own that has run nothing before, as after
 * the agent's start: first with an empty compile cache, then with the one the first left; then the loaded app once more.
 */
final class FirstCallBench {
    static final int BYTES = 250_000;

    private static final byte[] SECRET = "a secret of this bench only".getBytes(StandardCharsets.US_ASCII);
    private static final long MEMORY = 4L << 20;

    private FirstCallBench() {}

    static List<BenchRow> run(Path folder, int rounds) throws IOException, InterruptedException {
        List<Double> cold = new ArrayList<>();
        List<Double> cached = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        Path module = folder.resolve("bulky.wasm");
        Files.write(module, BulkyModule.ofBytes(BYTES));
        for (int round = 0; round < rounds; round++) {
            Path cache = Files.createDirectory(folder.resolve("cache-" + round));
            cold.add(child(cache, module).getFirst());
            List<Double> second = child(cache, module);
            cached.add(second.getFirst());
            again.add(second.getLast());
            empty(cache);
        }
        return List.of(
                BenchRow.atMost(
                        "app of 250 KB, verified bytes to first callback, cold", BenchRows.median(cold), "ms", 800),
                BenchRow.atMost(
                        "app of 250 KB, verified bytes to first callback, cached", BenchRows.median(cached), "ms", 50),
                BenchRow.atMost("restart of the loaded app", BenchRows.median(again), "ms", 5));
    }

    private static void empty(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(cache);
    }

    /** Milliseconds of the start and of the restart in a JVM like this one. */
    private static List<Double> child(Path cache, Path module) throws IOException, InterruptedException {
        List<String> command =
                BenchJvm.command(FirstCallBench.class, List.of(), List.of(cache.toString(), module.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Double> millis = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .map(Double::parseDouble)
                .toList();
        if (process.waitFor() != 0 || millis.size() != 2) {
            throw new IOException("the measured process gave " + millis + " and status " + process.exitValue());
        }
        return millis;
    }

    /** The measured process: {@code CACHE MODULE}. It only reads the module: to write it would keep the JIT busy while the clock runs. */
    public static void main(String[] args) throws IOException {
        byte[] module = Files.readAllBytes(Path.of(args[1]));
        for (double millis : startAndRestart(Path.of(args[0]), module)) {
            System.out.println(millis);
        }
    }

    /** Milliseconds of a start with the cache in the folder, and of a restart. The clock runs from when the module is verified: its digest is known. */
    static double[] startAndRestart(Path cache, byte[] module) {
        String digest = Digest.of(module).hex();
        try (PlatformStrand strand = PlatformStrand.open("first call", 1, Strand.Rank.APP, System::nanoTime)) {
            long begin = System.nanoTime();
            CompilingEngine engine =
                    CompilingEngine.metered(new FileCodeCache(cache, SECRET, 64L << 20, System::currentTimeMillis));
            CompiledModule compiled = engine.compile(
                    module,
                    digest,
                    Limits.forMemory(MEMORY),
                    (from, name) -> new ImportGate.Ruling.Unknown(Optional.empty()));
            firstCallback(compiled, strand);
            long end = System.nanoTime();
            firstCallback(compiled, strand);
            return new double[] {(end - begin) / 1e6, (System.nanoTime() - end) / 1e6};
        }
    }

    private static void firstCallback(CompiledModule compiled, Strand strand) {
        Budget budget = Budget.unlimitedCpu(MEMORY);
        Instance instance = compiled.instantiate(
                HostImports.builder().build(),
                budget,
                new CpuAccount(budget, CpuClock.ofThread(), System::nanoTime, strand, () -> {}));
        Outcome started = instance.start();
        Outcome delivered = instance.deliver(new byte[32], 1);
        if (!(started instanceof Outcome.Returned) || !(delivered instanceof Outcome.Returned)) {
            throw new IllegalStateException("the app ended as " + started + ", " + delivered);
        }
    }
}
