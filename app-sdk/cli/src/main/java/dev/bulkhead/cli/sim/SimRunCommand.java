package dev.bulkhead.cli.sim;

import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.cli.app.ExampleApps;
import dev.bulkhead.cli.app.PackageFile;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Progress;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.cli.vehicle.PolicyFile;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.main.Simulation;
import dev.bulkhead.simulator.main.SimulationResult;
import dev.bulkhead.simulator.main.SimulationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead sim run}: one run, from its seed to its hashes. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Drive the real agent and apps fast through the UDDS speed profile.",
            "The same seed and apps give the same trace and audit hashes on every run. Exit status 1 if the run failed, or an app that was named was walled off."
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead sim run --seed 7 --json",
            "  bulkhead sim run --seconds 1369 my-app/          an app folder instead of the examples"
        })
public final class SimRunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Output output;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Where all chance comes from (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "180",
            description = "Virtual seconds to drive (default: ${DEFAULT-VALUE}; the whole profile has 1369).")
    private int seconds = 180;

    @Option(
            names = "--outside",
            paramLabel = "CELSIUS",
            defaultValue = "5",
            description = "Air outside (default: ${DEFAULT-VALUE}).")
    private double outside = 5;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The vehicle's policy (default: the demo vehicle's).")
    private @Nullable Path policyFile;

    @Parameters(paramLabel = "APP", description = "App folders or packages (default: the SDK's examples).")
    private List<Path> apps = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        refuseWhatStandsBefore();
        Path data = Files.createTempDirectory("bulkhead-sim");
        long began = System.nanoTime();
        try (Progress progress = output.progress("driving", seconds)) {
            SimulationResult result = judged(new Simulation(settings(data)).run(progress::at));
            report(result, (System.nanoTime() - began) / 1e9);
            return result.passed() ? ExitCode.OK.status() : ExitCode.FAILED.status();
        } finally {
            SimFolder.delete(data);
        }
    }

    /** Options before the word {@code run} are of the vehicle that drives in real time. */
    private void refuseWhatStandsBefore() {
        CommandLine sim = spec.commandLine().getParent();
        if (sim != null && !sim.getParseResult().matchedOptions().isEmpty()) {
            String option = sim.getParseResult().matchedOptions().getFirst().longestName();
            throw CommandFailure.usage(
                    option + " before run is of no use: a run has options of its own", "bulkhead sim run --help");
        }
    }

    /** An app that was named is what the run is about: walled off it does not pass, as the examples that attack do. */
    private SimulationResult judged(SimulationResult result) {
        List<String> breaches = new ArrayList<>(result.breaches());
        if (!apps.isEmpty()) {
            result.apps().stream()
                    .filter(app -> app.state().equals("QUARANTINED"))
                    .map(SimRunCommand::walledOff)
                    .forEach(breaches::add);
        }
        return new SimulationResult(
                breaches.isEmpty(),
                breaches,
                result.traceHash(),
                result.auditRoot(),
                result.auditEntries(),
                result.virtualSeconds(),
                result.apps());
    }

    private static String walledOff(SimulationResult.AppOutcome app) {
        return app.app() + " ended " + app.state() + ": " + app.cause()
                + (app.denied() == 0 ? "" : "; it was denied " + app.denied() + " times")
                + (app.cause().contains(app.lastLine()) ? "" : "; it said: " + app.lastLine());
    }

    private SimulationSettings settings(Path data) {
        try {
            return new SimulationSettings(
                    seed,
                    seconds,
                    DriveCycle.udds(),
                    outside,
                    PolicyFile.read(policyFile, DefaultVehicle::tree, Set.of(DefaultVehicle.BUS), output),
                    packages(),
                    CompilingEngine.metered(),
                    data);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead sim run --help");
        }
    }

    private List<AppPackage> packages() {
        if (apps.isEmpty()) {
            Path examples = ExampleApps.folder();
            return ExampleApps.NAMES.stream()
                    .map(name -> ExampleApps.assemble(examples.resolve(name), "app.toml"))
                    .toList();
        }
        return apps.stream()
                .map(path -> Files.isDirectory(path)
                        ? ExampleApps.assemble(path, "app.toml")
                        : PackageFile.read(path).app())
                .toList();
    }

    private void report(SimulationResult result, double wallSeconds) {
        if (output.isJson()) {
            output.json(document(result, wallSeconds));
            return;
        }
        Table table = new Table("APP", "VERSION", "STATE", ">RESTARTS", ">EVENTS", ">DENIED", "CAUSE");
        result.apps()
                .forEach(a ->
                        table.row(a.app(), a.version(), a.state(), a.restarts(), a.events(), a.denied(), a.cause()));
        output.table(table);
        result.breaches().forEach(breach -> output.line(Style.BAD, "breach: " + breach));
        output.line("trace " + result.traceHash());
        output.line("audit " + result.auditRoot() + " over " + result.auditEntries() + " entries");
        output.line(String.format(
                Locale.ROOT,
                "%s: %.0f virtual seconds in %.1f s, %.0f times as fast",
                result.passed() ? output.paint(Style.GOOD, "passed") : output.paint(Style.BAD, "FAILED"),
                result.virtualSeconds(),
                wallSeconds,
                result.virtualSeconds() / wallSeconds));
    }

    private static Map<String, Object> document(SimulationResult result, double wallSeconds) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("passed", result.passed());
        document.put("traceHash", result.traceHash());
        document.put("auditRoot", result.auditRoot());
        document.put("virtualSeconds", result.virtualSeconds());
        document.put("wallSeconds", wallSeconds);
        document.put("auditEntries", result.auditEntries());
        document.put("breaches", result.breaches());
        document.put("apps", result.apps());
        return document;
    }
}
