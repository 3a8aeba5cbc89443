package dev.bulkhead.cli.sim;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.cli.home.RunUntilStopped;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.vehicle.AgentCommand;
import dev.bulkhead.cli.vehicle.ToolOptions;
import dev.bulkhead.simulator.main.LiveVehicle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead sim …}; with a door for tools, the virtual vehicle in real time. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = {
            "Run apps against a virtual vehicle in virtual time.",
            "With --socketcand or --databroker: drive it in real time for tools to attach to, until interrupted.",
            "Whoever reaches these ports on this machine may then do everything."
        },
        subcommands = {SimRunCommand.class},
        footer = {
            "",
            "Examples:",
            "  bulkhead sim run --seed 7 --json",
            "  bulkhead sim --socketcand 29536 --databroker 55555"
        })
public final class SimCommand implements Runnable {
    @Mixin
    private Output output;

    @Mixin
    private ToolOptions tools;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "udds",
            description = "What to drive in real time: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private AgentCommand.Profile profile = AgentCommand.Profile.udds;

    @Override
    public void run() {
        if (!tools.any()) {
            throw CommandFailure.usage(
                    "what with sim? run, --socketcand PORT, --databroker PORT", "bulkhead sim --help");
        }
        Path data = folder();
        RoadAgent vehicle = start(data);
        announce(vehicle);
        RunUntilStopped.await(() -> {
            vehicle.close();
            SimFolder.delete(data);
        });
    }

    private RoadAgent start(Path data) {
        try {
            return LiveVehicle.start(profile.cycle(), tools.ports(new Visitors.Everybody()), data, new SecureRandom());
        } catch (RuntimeException e) {
            SimFolder.delete(data);
            throw e;
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("bulkhead-sim");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for the vehicle", e);
        }
    }

    private void announce(RoadAgent vehicle) {
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("profile", profile.name());
            document.putAll(ToolOptions.document(vehicle));
            output.json(document);
        } else {
            output.line("virtual vehicle driving " + profile + ToolOptions.words(vehicle));
            output.line("Ctrl-C stops it");
        }
    }
}
