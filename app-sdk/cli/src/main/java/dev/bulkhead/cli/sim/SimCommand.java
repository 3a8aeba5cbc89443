package dev.bulkhead.cli.sim;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.cli.home.RunUntilStopped;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.vehicle.AgentCommand;
import dev.bulkhead.cli.vehicle.BusOptions;
import dev.bulkhead.cli.vehicle.ToolOptions;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.simulator.main.LiveVehicle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
            "  bulkhead sim --socketcand 29536 --databroker 55555",
            "  bulkhead sim --databroker 55555 --replay drive.log --dbc default"
        })
public final class SimCommand implements Runnable {
    @Mixin
    private Output output;

    @Mixin
    private ToolOptions tools;

    @Mixin
    private BusOptions buses;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "What to drive in real time: ${COMPLETION-CANDIDATES} (default: udds, or nothing where"
                    + " --replay, --can or --can-at brings the vehicle).")
    private AgentCommand.@Nullable Profile profile;

    @Override
    public void run() {
        if (!tools.any()) {
            throw CommandFailure.usage(
                    "what with sim? run, --socketcand PORT, --databroker PORT", "bulkhead sim --help");
        }
        if (buses.keeps()) {
            throw CommandFailure.usage(
                    "--keep is of no use here: the vehicle is forgotten when it stops", "bulkhead agent --keep");
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
            return LiveVehicle.start(
                    buses.tree(),
                    buses.frames(),
                    buses.drivers(driven().map(AgentCommand.Profile::vehicle), data),
                    tools.ports(new Visitors.Everybody()),
                    data,
                    new SecureRandom());
        } catch (HalException e) {
            SimFolder.delete(data);
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead sim --help");
        } catch (RuntimeException e) {
            SimFolder.delete(data);
            throw e;
        }
    }

    private Optional<AgentCommand.Profile> driven() {
        return profile == null && !buses.brings()
                ? Optional.of(AgentCommand.Profile.udds)
                : Optional.ofNullable(profile);
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
            driven().ifPresent(drive -> document.put("profile", drive.name()));
            document.putAll(ToolOptions.document(vehicle));
            output.json(document);
        } else {
            output.line("virtual vehicle"
                    + driven().map(drive -> " driving " + drive).orElse("") + ToolOptions.words(vehicle));
            output.line("Ctrl-C stops it");
        }
    }
}
