package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A module in a process of its own, started as this one was, that calls its export {@code run} with each number on standard input. */
final class SteppedGuest {
    private SteppedGuest() {}

    static SteppedProcess start(Path module, EngineKind engine) throws IOException {
        List<String> command =
                BenchJvm.command(SteppedGuest.class, List.of(), List.of(module.toString(), engine.name()));
        return SteppedProcess.start(command);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        byte[] module = Files.readAllBytes(Path.of(args[0]));
        EngineKind engine = EngineKind.valueOf(args[1]);
        BufferedReader steps = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (BenchGuest guest = new BenchGuest(module, engine, Budget.unlimitedCpu(BenchGuest.MEMORY))) {
            for (String line = steps.readLine(); line != null; line = steps.readLine()) {
                BenchGuest.Called called = guest.call("run", Long.parseLong(line));
                System.out.println(called.cpuMillis() + " " + called.answer());
            }
        }
    }
}
